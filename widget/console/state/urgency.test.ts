// Nothing jumps: the order of urgency is told at once, and panes follow it only when nobody would miss a click.

import { beforeEach, describe, expect, it } from "vitest";
import { row } from "../testing/people";
import { Desk } from "./desk";
import { arranged, AT_REST, atRest, moved, owed, Walk, WALK } from "./urgency";

const NOW = Date.now();
const waits = (n: number, seconds: number | null, more = {}) => row(n, { waiting_since: seconds === null ? null : NOW - seconds * 1000, ...more });
const rows = [waits(0, 10), waits(1, 90), waits(2, null), waits(3, 40)];
const [a, b, c, d] = rows.map((one) => one.id) as [string, string, string, string];
const me = rows[0]!.operator!;
const ids = (found: readonly { id: string }[]) => found.map((one) => one.id);
const panes = (...all: string[]) => all.map((id) => ({ id, pinned: true }));

beforeEach(() => (sessionStorage.clear(), history.replaceState(null, "", "#")));

describe("who is owed a word", () => {
  it("is mine and waits, the longest first; what others serve or nobody has is not mine", () => {
    const more = [waits(4, 900, { operator: "f".repeat(32) }), waits(5, 800, { status: "waiting", operator: null })];
    expect(ids(owed([...rows, ...more], me))).toEqual([b, d, a]);
  });

  it("counts a case once, with the longest wait of it", () => {
    expect(ids(owed([...rows, waits(6, 60, { case: a }), waits(7, 5, { case: a })], me))).toEqual([b, a, d]);
    expect(arranged(panes(d, c), [...rows, waits(6, 60, { case: c })]).map((pane) => pane.id)).toEqual([c, d]);
  });
});

describe("a walk", () => {
  const list = owed(rows, me);

  it("goes from the most urgent to the least, and begins again", () => {
    const walk = new Walk();
    let at = 0;
    let current: string | null = c;
    const been: string[] = [];
    for (let n = 0; n < 5; n++) been.push((current = walk.next(list, current, (at += 100))!.id));
    expect(been).toEqual([b, d, a, b, d]);
  });

  it("begins with the most urgent one after a pause", () => {
    const walk = new Walk();
    expect(walk.next(list, c, 0)!.id).toBe(b);
    expect(walk.next(list, b, WALK + 1)!.id).toBe(d);
    expect(walk.next(list, d, 3 * WALK)!.id).toBe(b);
  });

  it("stays where nobody else waits", () => {
    expect(new Walk().next(list.slice(0, 1), b, 0)).toBeNull();
    expect(new Walk().next([], null, 0)).toBeNull();
  });
});

describe("panes in order of urgency", () => {
  it("have the longest wait first, and leave those who wait for nothing as they lay", () => {
    expect(ids(arranged(panes(c, a, b, d), rows))).toEqual([b, d, a, c]);
    expect(ids(arranged(panes("x", c, a), rows))).toEqual([a, "x", c]);
  });

  it("keep the eye on the conversation it was on", () => {
    const desk = new Desk(me);
    desk.width.value = 1440;
    for (const id of [c, a, b]) desk.open(id, true);
    desk.focus(1);
    desk.arrange(arranged(desk.panes.value, rows));
    expect(ids(desk.panes.value)).toEqual([b, a, c]);
    expect(desk.current.value).toBe(a);
  });

  it("change by themselves only when nobody has typed or pointed for a while", () => {
    moved.value = NOW;
    expect([0, AT_REST - 1, AT_REST].map((later) => atRest(NOW + later))).toEqual([false, false, true]);
    const question = document.body.appendChild(document.createElement("dialog"));
    question.setAttribute("open", "");
    expect(atRest(NOW + AT_REST)).toBe(false);
    question.remove();
  });
});
