// The line, the feed and the outbox together, against the fake hub: what is said arrives, what is missed is fetched,
// what is unanswered is said again.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { HealthRow, Subscribe } from "../../wire/console";
import { Fake } from "../testing/fake";
import { day, id, ME, QUEUE, row } from "../testing/people";
import { pause } from "./backoff";
import { Hub } from "./hub";
import { cutSince, startMeanwhile } from "./meanwhile";
import { itemsOf } from "./topics";

let hub: Hub;
const ill = (state: string): HealthRow => ({ k: "health", id: "text", kind: "channel", state });
const soon = (time = 100) => vi.advanceTimersByTimeAsync(time);
const subscriptions = (fake: Fake, topic: string) => fake.heard.filter((frame): frame is Subscribe => frame.t === "subscribe" && frame.topic === topic);

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => {
  hub.close();
  vi.useRealTimers();
});

function start(setting = day({ mine: 2, waiting: 1 })): Fake {
  const fake = new Fake(setting).install();
  hub = new Hub(ME, "tab-of-tests");
  return fake;
}

describe("topics", () => {
  it("show what the hub says as it says it", async () => {
    const fake = start();
    await soon();
    expect(hub.conversations.value).toHaveLength(3);
    fake.say("health", ill("failed"));
    await soon();
    expect(itemsOf(hub.health.value, "health").find((row) => row.id === "text")?.state).toBe("failed");
  });

  it("are followed once however many views look, and left a while after the last", async () => {
    const fake = start();
    await soon();
    const topic = `conversation:${id(100)}`;
    hub.feed.follow(topic);
    hub.feed.follow(topic);
    await soon();
    expect(subscriptions(fake, topic)).toHaveLength(1);
    hub.feed.unfollow(topic);
    hub.feed.unfollow(topic);
    await soon(1_000);
    expect(fake.heard.some((frame) => frame.t === "unsubscribe")).toBe(false);
    await soon(10_000);
    expect(fake.heard.at(-1)).toEqual({ t: "unsubscribe", topic });
  });

  it("fetch from where they are when an event was missed", async () => {
    const fake = start();
    await soon();
    const before = fake.topic("health").n;
    const socket = fake.sockets[0]!;
    socket.follows.delete("health");
    fake.say("health", ill("one"));
    socket.follows.add("health");
    fake.say("health", ill("two"));
    await soon();
    expect(subscriptions(fake, "health").at(-1)?.n).toBe(before);
    expect(hub.health.value?.n).toBe(before + 2);
  });

  it("catch up after a cut without a new snapshot", async () => {
    const fake = start();
    await soon();
    fake.cut();
    fake.say("health", ill("failed"));
    await soon(2_000);
    expect(hub.line.state.value).toBe("online");
    expect(subscriptions(fake, "health").at(-1)?.n).toBeGreaterThan(0);
    expect(itemsOf(hub.health.value, "health").find((row) => row.id === "text")?.state).toBe("failed");
  });

  it("begin again when what was missed is gone, and when the hub's process is new", async () => {
    const fake = start();
    await soon();
    fake.cut();
    fake.topic("health").log = [];
    fake.topic("health").n += 5;
    fake.epoch = "another";
    fake.topic("visitors").epoch = "another";
    await soon(2_000);
    expect(subscriptions(fake, "health").at(-1)?.n).toBeUndefined();
    expect(subscriptions(fake, "visitors").at(-1)?.n).toBeUndefined();
    expect(hub.feed.peek("visitors")?.epoch).toBe("another");
  });
});

describe("commands", () => {
  it("are said again after a cut until they are answered", async () => {
    let deaf = true;
    const fake = start({ ...day({ mine: 1 }), answer: () => (deaf ? null : undefined) });
    await soon();
    const done = hub.outbox.run({ t: "reply", conversation: id(100), text: "Hello" });
    await soon();
    deaf = false;
    fake.cut();
    await soon(2_000);
    const replies = fake.heard.filter((frame) => frame.t === "reply");
    expect(replies).toHaveLength(2);
    expect(replies[0]).toEqual(replies[1]);
    await expect(done).resolves.toMatchObject({ t: "done" });
  });

  it("keep a message over a reload, and forget other commands", async () => {
    start({ ...day({ mine: 1 }), answer: () => null });
    await soon();
    void hub.outbox.run({ t: "reply", conversation: id(100), text: "Kept" });
    void hub.outbox.run({ t: "take", conversation: id(101) });
    hub.close();
    const fake = start();
    await soon();
    expect(fake.heard.filter((frame) => frame.t === "reply" || frame.t === "take")).toMatchObject([{ t: "reply", text: "Kept" }]);
  });

  it("send what a tab that is gone left unsent", async () => {
    start({ ...day({ mine: 1 }), answer: () => null });
    void hub.outbox.run({ t: "reply", conversation: id(100), text: "Left behind" });
    hub.close();
    const fake = new Fake(day({ mine: 1 })).install();
    hub = new Hub(ME, "another-tab");
    hub.outbox.adopt(["tab-of-tests"]);
    await soon();
    expect(fake.heard.filter((frame) => frame.t === "reply")).toMatchObject([{ text: "Left behind" }]);
    expect(Object.keys(localStorage).filter((key) => key.includes("tab-of-tests"))).toEqual([]);
  });

  it("show a refused message with its reason, and try again on demand", async () => {
    let willing = false;
    const fake = start({
      ...day({ mine: 1 }),
      answer: (frame) => (willing || !("id" in frame) ? undefined : { t: "refused", code: "closed", message: "It is closed.", client_id: frame.id }),
    });
    await soon();
    const run = hub.outbox.run({ t: "reply", conversation: id(100), text: "Hello" });
    const refused = expect(run).rejects.toThrow("It is closed.");
    await soon();
    await refused;
    const [message] = hub.outbox.messages(id(100));
    expect(message?.pending).toMatchObject({ state: "refused", problem: "It is closed." });
    willing = true;
    hub.outbox.again(message!.reply.id);
    await soon();
    expect(hub.outbox.messages(id(100))[0]?.pending.state).toBe("done");
    expect(fake.heard.filter((frame) => frame.t === "reply")).toHaveLength(2);
  });
});

describe("the line", () => {
  it("comes back by itself, with growing and random pauses", async () => {
    const fake = start();
    await soon();
    fake.reachable = false;
    fake.cut();
    await soon(5_000);
    expect(hub.line.state.value).toBe("offline");
    fake.reachable = true;
    await soon(60_000);
    expect(hub.line.state.value).toBe("online");
    for (let attempt = 0; attempt < 20; attempt++) {
      expect(pause(attempt, () => 0)).toBe(0);
      expect(pause(attempt, () => 1)).toBe(Math.min(30_000, 500 * 2 ** attempt));
    }
  });

  it("goes over held POSTs where no socket passes", async () => {
    const fake = new Fake(day({ mine: 2, waiting: 1 })).install();
    fake.socketsPass = false;
    hub = new Hub(ME);
    await soon(10_000);
    expect(hub.line.state.value).toBe("online");
    expect(hub.conversations.value).toHaveLength(3);
    fake.say("health", ill("failed"));
    const done = hub.outbox.run({ t: "take", conversation: id(102) });
    await soon();
    await expect(done).resolves.toMatchObject({ t: "done" });
    expect(itemsOf(hub.health.value, "health").find((row) => row.id === "text")?.state).toBe("failed");
  });

  it("is dropped when a beat stays unanswered", async () => {
    const fake = start();
    await soon();
    fake.hear = () => {};
    await soon(26_000);
    expect(hub.line.state.value).toBe("online");
    await soon(8_000);
    expect(hub.line.state.value).not.toBe("online");
  });

  it("is doubted the moment the browser says that the network is gone, and only until the hub has spoken", async () => {
    const fake = start();
    await soon();
    dispatchEvent(new Event("offline"));
    expect(hub.line.doubted.value).toBe(true);
    await soon();
    expect(hub.line.doubted.value).toBe(false);
    expect(hub.line.state.value).toBe("online");
    fake.hear = () => {};
    dispatchEvent(new Event("offline"));
    await soon(1_600);
    expect(hub.line.state.value).toBe("offline");
    expect(hub.line.doubted.value).toBe(false);
  });

  it("tells what came while it was cut, once all is caught up with", async () => {
    const fake = start();
    await soon();
    const told: unknown[] = [];
    const end = startMeanwhile(hub, (found) => told.push(found));
    fake.reachable = false;
    fake.cut();
    await soon(1);
    expect(cutSince.value).not.toBeNull();
    fake.say(`queue:${QUEUE}`, row(7, { status: "waiting", operator: null }));
    fake.reachable = true;
    await soon(60_000);
    expect(told).toEqual([{ waiting: 1, messages: 0, gone: 0 }]);
    expect(cutSince.value).toBeNull();
    end();
  });

  it.each([[4401, "out"], [1008, "denied"], [4400, "denied"]])("does not come back after %i", async (code, state) => {
    const fake = start();
    await soon();
    fake.cut(code);
    await soon(60_000);
    expect(hub.line.state.value).toBe(state);
    expect(fake.heard.filter((frame) => frame.t === "hello")).toHaveLength(1);
  });
});

it("keeps drafts over a reload, and forgets them when they are sent", async () => {
  start();
  hub.drafts.set(id(100), "Half a sent", true);
  hub.close();
  start();
  expect(hub.drafts.get(id(100))).toMatchObject({ text: "Half a sent", note: true });
  hub.drafts.set(id(100), "", false);
  expect(localStorage.getItem(`hub.draft.${ME.id}.${id(100)}`)).toBeNull();
});
