// Rows of the transcript: days, groups and states.

import { expect, test } from "vitest";
import { type Message, rows } from "./rows.ts";
import { EMPTY, heard, type Room, welcomed } from "./talk.ts";
import { ID, said, talk, welcome } from "./testing.ts";

const room = (...messages: Parameters<typeof heard>[1][]): Room => messages.reduce(heard, welcomed(EMPTY, welcome({ talk: talk({ theirs: { delivered: 2, read: 1 } }) })));
const messages = (of: ReturnType<typeof rows>) => of.filter((row): row is Message => !row.day);
const waiting = (client_id: string, failed?: { code: string; message: string }) =>
  ({ frame: { t: "say" as const, client_id, conversation: ID, text: client_id }, at: 1_700_000_010_000, ...(failed && { failed }) });

test("what waits stands below what was said, in its own state", () => {
  const all = messages(rows(room(said(1, { author: "visitor", client_id: "a" }), said(2, { author: "visitor", client_id: "b" })), [waiting("c"), waiting("d", { code: "blocked", message: "" })]));
  expect(all.map(({ key, state }) => [key, state])).toEqual([["a", "read"], ["b", "delivered"], ["c", "sending"], ["d", "failed"]]);
});

test("a message keeps its key from waiting to read", () => {
  const before = messages(rows(room(), [waiting("mine")]));
  const after = messages(rows(room(said(1, { author: "visitor", client_id: "mine" })), []));
  expect(before[0]!.key).toBe(after[0]!.key);
});

test("an own message that overtook another is shown as sent", () => {
  const all = messages(rows(room(said(1), said(3, { author: "visitor" }), said(4)), []));
  expect(all.map(({ text }) => text)).toEqual(["message 1", "message 3"]);
});

test("messages of one author within five minutes are a group", () => {
  const at = 1_700_000_000_000;
  const all = messages(rows(room(said(1, { at }), said(2, { at: at + 60_000 }), said(3, { at: at + 61_000, author: "visitor" }), said(4, { at: at + 62_000, name: "Ana" }), said(5, { at: at + 400_000, name: "Ana" })), []));
  expect(all.map(({ first }) => first)).toEqual([true, false, true, true, true]);
});

test("each day begins with a line of its own", () => {
  const at = new Date(2026, 0, 5, 23, 59).getTime();
  const all = rows(room(said(1, { at }), said(2, { at: at + 1_000 }), said(3, { at: at + 120_000 })), []);
  expect(all.map(({ day }) => day)).toEqual([true, false, false, true, false]);
});
