// The alarm of one browser: its rounds, its rest, its one voice of many tabs, and whom it rings for.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { row } from "../testing/people";
import { awake, ring, setMuted } from "./chime";
import { standFor } from "./leader";
import { browserKind } from "./notify";
import { beQuiet, endOf, isQuiet, quietFor, quietUntil, startQuiet } from "./quiet";
import { Mine, ringsFor, Rounds } from "./ringing";

const waits = (n: number, more = {}) => row(n, { status: "waiting", operator: null, ...more });

describe("a round", () => {
  it("rings at once, again after 10 s, then every 20 s, more urgently each time", () => {
    const rounds = new Rounds();
    const rang: [number, number][] = [];
    for (let second = 0; second <= 75; second++) {
      const urgency = rounds.step([waits(1)], second * 1000);
      if (urgency !== null) rang.push([second, urgency]);
    }
    expect(rang).toEqual([[0, 0], [10, 1], [30, 2], [50, 2], [70, 2]]);
  });

  it("rings at once for somebody new, and when nobody came in the hub's own round", () => {
    const rounds = new Rounds();
    rounds.step([waits(1)], 0);
    expect(rounds.step([waits(1)], 1_000)).toBeNull();
    expect(rounds.step([waits(1), waits(2)], 2_000)).not.toBeNull();
    expect(rounds.step([waits(1, { alarm: 1 }), waits(2)], 3_000)).not.toBeNull();
    expect(rounds.step([waits(1, { alarm: 1 }), waits(2)], 4_000)).toBeNull();
  });

  it("is over when all have been seen, and the next one begins calmly", () => {
    const rounds = new Rounds();
    for (const at of [0, 10_000, 30_000]) rounds.step([waits(1)], at);
    expect(rounds.step([], 31_000)).toBeNull();
    expect(rounds.step([waits(2)], 32_000)).toBe(0);
  });
});

describe("who is rung", () => {
  const asked = (alarm: number) => (["available", "busy", "invisible", "away"] as const).map((presence) => ringsFor(waits(1, { alarm }), presence));
  it("are the available first, the busy when nobody came, everybody in the end", () => {
    expect(asked(0)).toEqual([true, false, false, false]);
    expect(asked(1)).toEqual([true, true, true, false]);
    expect(asked(2)).toEqual([true, true, true, true]);
  });

  it("is nobody for what was seen, taken, blocked, or came by mail", () => {
    for (const more of [{ seen_at: 1 }, { status: "open" as const }, { blocked: true }, { visitor: null }])
      expect(ringsFor(waits(1, more), "available")).toBe(false);
  });
});

describe("mine", () => {
  it("tells what was written and what was handed over, once, and not what was there before", () => {
    const mine = new Mine();
    const [a, b] = [row(1, { operator: "me", last_at: 1 }), row(2, { operator: "other", last_at: 1 })];
    expect(mine.news([a, b], "me")).toEqual({ written: [], given: [] });
    const later = [{ ...a, last_at: 2 }, { ...b, operator: "me" }];
    const news = mine.news(later, "me");
    expect([news.written.map((one) => one.id), news.given.map((one) => one.id)]).toEqual([[a.id], [b.id]]);
    expect(mine.news(later, "me")).toEqual({ written: [], given: [] });
    expect(mine.news([{ ...a, last_at: 3, last_author: "operator" }], "me").written).toEqual([]);
  });
});

describe("do not disturb", () => {
  beforeEach(() => vi.useFakeTimers({ now: new Date(2026, 10, 22, 15, 30) }));
  afterEach(() => {
    beQuiet(null);
    vi.useRealTimers();
  });

  it("has an end: a quarter, an hour, the next midnight", () => {
    const at = Date.now();
    expect([endOf("quarter", at), endOf("hour", at)].map((end) => (end - at) / 60_000)).toEqual([15, 60]);
    expect(new Date(endOf("tomorrow", at))).toEqual(new Date(2026, 10, 23));
  });

  it("counts down, and is over when it is over", () => {
    const end = startQuiet();
    beQuiet(endOf("quarter", Date.now()));
    vi.advanceTimersByTime(14 * 60_000);
    expect([quietFor(quietUntil.value, Date.now()), isQuiet()]).toEqual([60, true]);
    vi.advanceTimersByTime(60_000);
    expect([quietUntil.value, isQuiet(), localStorage.getItem("hub.quiet")]).toEqual([null, false, null]);
    end();
  });

  it("silences every melody, and only for so long", () => {
    localStorage.clear();
    setMuted(false);
    awake.value = true;
    beQuiet(Date.now() + 10_000);
    expect(ring(Date.now(), "waiting")).toBe(false);
    expect(ring(Date.now() + 10_000, "waiting")).toBe(true);
  });

  it("is heard of in other tabs", () => {
    const end = startQuiet();
    localStorage.setItem("hub.quiet", String(Date.now() + 60_000));
    dispatchEvent(Object.assign(new Event("storage"), { key: "hub.quiet" }));
    expect(isQuiet()).toBe(true);
    end();
  });
});

/** The browser's locks, as far as one office needs them: one holds it, the others stand in line. */
class Locks {
  private line: (() => void)[] = [];
  private held = false;

  request(_: string, { signal }: { signal: AbortSignal }, serve: () => Promise<void>): Promise<void> {
    return new Promise((done, fail) => {
      const begin = () => {
        this.held = true;
        void serve().then(() => {
          this.held = false;
          this.line.shift()?.();
          done();
        });
      };
      signal.addEventListener("abort", () => {
        this.line = this.line.filter((one) => one !== begin);
        fail(new DOMException("out of the line", "AbortError"));
      });
      if (this.held) this.line.push(begin);
      else begin();
    });
  }
}

describe("of several tabs", () => {
  const settled = () => new Promise((done) => setTimeout(done));

  it("one leads, and the next when it has gone", async () => {
    const locks = new Locks() as unknown as LockManager;
    const [a, b, c] = [standFor("x", locks), standFor("x", locks), standFor("x", locks)];
    const leading = () => [a, b, c].map((one) => one.leads.value);
    expect(leading()).toEqual([true, false, false]);
    b.end();
    a.end();
    await settled();
    expect(leading()).toEqual([false, false, true]);
    c.end();
  });

  it("each leads where there are no locks; the shared last ring keeps them to one", () => {
    expect(standFor("x", undefined).leads.value).toBe(true);
    localStorage.clear();
    awake.value = true;
    expect([ring(50_000, "waiting"), ring(50_010, "waiting"), ring(50_010, "message")]).toEqual([true, false, true]);
  });
});

it("names the browser whose settings are meant", () => {
  expect(browserKind("Mozilla/5.0 (X11) Gecko/20100101 Firefox/150.0")).toBe("firefox");
  expect(browserKind("Mozilla/5.0 (Mac) AppleWebKit/605 Version/19 Safari/605")).toBe("safari");
  expect(browserKind("Mozilla/5.0 AppleWebKit/537 Chrome/150 Safari/537 Edg/150")).toBe("chrome");
});
