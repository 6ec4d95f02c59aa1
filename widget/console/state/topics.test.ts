// The law of topics, on random histories: old snapshot + events = new snapshot, in whatever way the events arrive.

import { describe, expect, it } from "vitest";
import type { Event, Item, Snapshot } from "../../wire/console";
import { fromSnapshot, itemsOf, oneOf, place, step, type Topic } from "./topics";

/** A small generator of reproducible randomness (mulberry32). */
function dice(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function randomItem(random: () => number): Item {
  const id = String(Math.floor(random() * 6));
  const kind = Math.floor(random() * 4);
  if (kind === 0) return { k: "gone", id };
  if (kind === 1) return { k: "health", id, kind: "channel", state: String(random()) };
  if (kind === 2) return { k: "operator", id, name: String(random()), role: "operator", presence: "away" };
  return { k: "typing", id, who: "visitor", name: String(random()) };
}

/** What the hub's own topic holds after each event: written plainly, to compare with. */
function model(items: Map<string, Item>, item: Item): Map<string, Item> {
  const next = new Map(items);
  if (item.k === "gone") for (const [key, one] of items) one.id === item.id && next.delete(key);
  else next.set(place(item), item);
  return next;
}

const sameItems = (topic: Topic | null, items: Map<string, Item>) =>
  expect(Object.fromEntries(topic!.items)).toEqual(Object.fromEntries(items));

describe("the law of topics", () => {
  it("holds for random histories, with duplicates and replays", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = dice(seed);
      const history: Event[] = [];
      const states = [new Map<string, Item>()];
      for (let n = 1; n <= 30; n++) {
        const item = randomItem(random);
        history.push({ t: "event", topic: "team", n, item });
        states.push(model(states.at(-1)!, item));
      }
      const from = Math.floor(random() * 20);
      let topic: Topic | null = fromSnapshot({ t: "snapshot", topic: "team", n: from, items: [...states[from]!.values()] });
      const arriving = history.slice(from).flatMap((event) => (random() < 0.3 ? [event, event] : [event]));
      for (const event of [...history.slice(0, from), ...arriving]) {
        const next = step(topic, event);
        if (next.do === "put") topic = next.topic;
        else expect(next.do).toBe("nothing");
      }
      expect(topic?.n).toBe(30);
      sameItems(topic, states[30]!);
    }
  });

  it("leaves the old state untouched", () => {
    const topic = fromSnapshot({ t: "snapshot", topic: "team", n: 1, items: [] });
    step(topic, { t: "event", topic: "team", n: 2, item: { k: "health", id: "a", kind: "x", state: "ok" } });
    expect(topic.items.size).toBe(0);
  });
});

describe("an event that does not fit", () => {
  const live: Snapshot = { t: "snapshot", topic: "visitors", n: 4, items: [], epoch: "one" };
  const item: Item = { k: "health", id: "a", kind: "x", state: "ok" };

  it("asks from where we are when one was missed", () => {
    expect(step(fromSnapshot(live), { t: "event", topic: "visitors", n: 6, item, epoch: "one" }).do).toBe("ask");
  });

  it("starts again when the hub's process is another one", () => {
    expect(step(fromSnapshot(live), { t: "event", topic: "visitors", n: 5, item, epoch: "two" }).do).toBe("restart");
  });

  it("means nothing before the first snapshot", () => {
    expect(step(null, { t: "event", topic: "visitors", n: 1, item }).do).toBe("nothing");
  });
});

it("keeps a customer and the touchpoint it is called after apart", () => {
  const customer: Item = { k: "customer", id: "7", name: "Ana", level: "verified" };
  const touch: Item = { k: "touch", id: "7", kind: "visit", channel: "text", at: 1, title: "" };
  const topic = fromSnapshot({ t: "snapshot", topic: "customer:7", n: 1, items: [customer, touch] });
  expect(oneOf(topic, "customer")).toEqual(customer);
  const next = step(topic, { t: "event", topic: "customer:7", n: 2, item: { k: "gone", id: "7" } });
  expect(next.do === "put" && oneOf(next.topic, "customer")).toEqual(customer);
  expect(next.do === "put" && itemsOf(next.topic, "touch")).toEqual([]);
});
