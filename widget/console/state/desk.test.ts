// Looking is not taking: what lies on the desk stays until it is put away, what is only looked at makes room.

import { beforeEach, describe, expect, it } from "vitest";
import { row } from "../testing/people";
import { visible } from "../views/desk";
import { Desk } from "./desk";
import { longest, sections, waited, warmth } from "./waits";

const ids = (desk: Desk) => desk.panes.value.map((pane) => pane.id);
const a = "a".repeat(32);
const b = "b".repeat(32);
const c = "c".repeat(32);

function desk(width: number, operator = "1"): Desk {
  const made = new Desk(operator);
  made.width.value = width;
  return made;
}

beforeEach(() => (sessionStorage.clear(), history.replaceState(null, "", "#")));

describe("the desk", () => {
  it("holds four conversations side by side at 1440 pixels, and fewer below", () => {
    expect([1440, 1280, 1024, 390].map((width) => desk(width).capacity.value)).toEqual([4, 3, 1, 1]);
  });

  it("replaces what was only looked at, and keeps what is pinned", () => {
    const one = desk(1440);
    one.open(a);
    one.open(b);
    expect(ids(one)).toEqual([b]);
    one.pin(b);
    one.open(c);
    expect(ids(one)).toEqual([b, c]);
    one.open(b);
    expect(one.focused.value).toBe(0);
  });

  it("makes room at the focused place when it is full", () => {
    const one = desk(1440);
    for (const digit of "1234") one.open(digit.repeat(32), true);
    one.focus(1);
    one.open(a, true);
    expect(ids(one)[1]).toBe(a);
    expect(ids(one)).toHaveLength(4);
  });

  it("keeps the eye where it is when another one is put away, by whomever", () => {
    const one = desk(1440);
    for (const id of [a, b, c]) one.open(id, true);
    one.focus(1);
    one.putAway(a);
    expect(one.current.value).toBe(b);
    one.putAway(b);
    expect(one.current.value).toBe(c);
  });

  it("leads back to the same place after a reload", () => {
    desk(1440).open(a, true);
    expect(desk(1440).current.value).toBe(a);
  });

  it("lies as it lay after a reload, for the operator whose it was", () => {
    const one = desk(1440);
    for (const id of [a, b, c]) one.open(id, id !== b);
    one.focus(0);
    expect(ids(one)).toEqual([a, c]);
    const again = desk(1440);
    expect(again.panes.value).toEqual([{ id: a, pinned: true }, { id: c, pinned: true }]);
    expect(again.current.value).toBe(a);
    history.replaceState(null, "", "#");
    expect(ids(desk(1440, "2"))).toEqual([]);
  });

  it("always shows the focused pane when not all fit", () => {
    expect(visible(4, 4, 0)).toEqual([0, 1, 2, 3]);
    expect(visible(4, 2, 0)).toEqual([0, 1]);
    expect(visible(4, 2, 3)).toEqual([2, 3]);
    expect(visible(4, 1, 2)).toEqual([2]);
  });
});

describe("who comes first", () => {
  const now = Date.now();
  const waits = (n: number, seconds: number | null, more = {}) => row(n, { waiting_since: seconds === null ? null : now - seconds * 1000, ...more });
  const me = row(1).operator!;

  it("is whoever has waited longest, unclaimed or mine, never a colleague's", () => {
    const rows = [waits(1, 10), waits(2, 90, { status: "waiting", operator: null }), waits(3, 500, { operator: b }), waits(4, null)];
    expect(longest(rows, me)?.id).toBe(rows[1]!.id);
    const { waiting, mine, others } = sections(rows, me);
    expect([waiting.length, mine.map((one) => one.id), others.length]).toEqual([1, [rows[0]!.id, rows[3]!.id], 1]);
  });

  it("is nobody when every last word is ours", () => {
    expect(longest([waits(1, null)], me)).toBeNull();
    expect(waited(waits(1, null), now)).toBeNull();
  });

  it("warms from half of the target on", () => {
    expect([0, 29, 30, 59, 60, 4000].map((seconds) => warmth(seconds))).toEqual([0, 0, 1, 1, 2, 2]);
  });
});
