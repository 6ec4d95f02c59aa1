// What a transcript shows, from what is known.

import { describe, expect, it } from "vitest";
import { id, ME, message, row } from "../testing/people";
import { lastOurs, type Line, linesOf, readUpTo, type Said, tail } from "./lines";

const talk = id(100);
const at = (minute: number) => new Date(2026, 5, 10, 12, minute).getTime();
const theirs = (seq: number, more = {}) => message(talk, seq, "visitor", `v${seq}`, { at: at(seq), name: "Ana", ...more });
const ours = (seq: number, more = {}) => message(talk, seq, "operator", `o${seq}`, { at: at(seq), operator: ME.id, name: ME.name, ...more });
const said = (lines: Line[]) => lines.filter((line): line is Said => line.is === "said");

function show(messages: ReturnType<typeof theirs>[], more: Partial<Parameters<typeof linesOf>[0]> = {}): Line[] {
  return linesOf({ head: row(0, { customer_cursors: { delivered: 3, read: 2 } }), messages, pending: [], me: ME, unreadAfter: 0, ...more });
}

describe("a transcript", () => {
  it("says how far our words have got, from the customer's cursors", () => {
    const lines = show([theirs(1), ours(2), ours(3), ours(4), ours(5, { delivery: "failed" }), ours(6, { kind: "note" })]);
    expect(said(lines).map((one) => one.delivery)).toEqual([null, "read", "delivered", "sent", "failed", null]);
    expect(lastOurs(lines)).toBe(said(lines)[4]!.key);
  });

  it("shows a message of ours at once, and once only when it has arrived", () => {
    const reply = { id: "client-1", text: "On its way", kind: "text" as const };
    const pending = [{ pending: { command: { t: "reply" as const, conversation: talk, ...reply }, at: at(3), state: "sending" as const }, reply }];
    const before = said(show([theirs(1)], { pending })).at(-1)!;
    expect(before).toMatchObject({ key: "client-1", delivery: "sending", side: "ours", mine: true });
    const after = said(show([theirs(1), ours(2, { client_id: "client-1" })], { pending }));
    expect(after.map((one) => one.key)).toEqual([expect.anything(), "client-1"]);
    expect(after[1]!.delivery).toBe("read");
  });

  it("says once what happened again with nothing in between", () => {
    const seen = (seq: number) => message(talk, seq, "system", "seen", { at: at(seq), name: "Mara" });
    expect(said(show([theirs(1), seen(2), seen(3), theirs(4), seen(5)])).map((one) => one.seq)).toEqual([1, 3, 4, 5]);
  });

  it("gathers runs of one person, but never notes with replies", () => {
    const lines = said(show([theirs(1), theirs(2), ours(3), ours(4, { kind: "note" }), theirs(30)]));
    expect(lines.map((one) => [one.side, one.first, one.last])).toEqual([
      ["theirs", true, false], ["theirs", false, true], ["ours", true, true], ["note", true, true], ["theirs", true, true],
    ]);
  });

  it("names each day once and draws the unread line once", () => {
    const lines = show([theirs(1, { at: at(1) - 86_400_000 }), theirs(2), theirs(3)], { unreadAfter: 1 });
    expect(lines.map((line) => line.is)).toEqual(["day", "said", "day", "unread", "said", "said"]);
  });

  it("cuts off what lies before a hole", () => {
    expect(tail([theirs(9), theirs(1), theirs(8), theirs(2)]).map((one) => one.seq)).toEqual([8, 9]);
    expect(tail([])).toEqual([]);
  });

  it("finds what was read from the number of unread words, not counting our own", () => {
    const messages = [theirs(1), theirs(2), ours(3), theirs(4)];
    expect([0, 1, 2, 9].map((unread) => readUpTo(messages, unread))).toEqual([0, 3, 1, 0]);
  });
});
