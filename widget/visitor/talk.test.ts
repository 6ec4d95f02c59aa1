// The state of a conversation, whatever order frames arrive in.

import { expect, test } from "vitest";
import type { Sent } from "../wire/visitor.ts";
import { changed, EMPTY, have, heard, type Room, stateOf, stored, unread, welcomed } from "./talk.ts";
import { dice, ID, OTHER, said, shuffled, talk, welcome } from "./testing.ts";

const began = (): Room => welcomed(EMPTY, welcome({ talk: talk() }));

test("messages in any order, any of them several times, end in the same room", () => {
  const messages = Array.from({ length: 30 }, (_, i) => said(i + 1));
  const expected = messages.reduce(heard, began());
  for (let seed = 0; seed < 300; seed++) {
    const random = dice(seed);
    const again = messages.filter(() => random() < 0.5);
    const room = shuffled([...messages, ...again], random).reduce(heard, began());
    expect(room).toEqual(expected);
    expect(room.ahead).toEqual([]);
  }
});

test("news of every kind in any order ends with the same messages and cursors", () => {
  const sent: Sent = { t: "sent", client_id: "mine-2", conversation: ID, seq: 2, at: 1_700_000_002_000 };
  const steps = [
    (room: Room) => heard(room, said(1)),
    (room: Room) => stored(room, sent, "hello"),
    (room: Room) => heard(room, said(2, { author: "visitor", client_id: "mine-2", text: "hello" })),
    (room: Room) => heard(room, said(3)),
    (room: Room) => changed(room, talk({ seq: 2, theirs: { delivered: 2 } })),
    (room: Room) => changed(room, talk({ seq: 3, theirs: { delivered: 2, read: 2 }, mine: { delivered: 1 } })),
  ];
  const outcome = (room: Room) => [room.said.map(({ seq, text, client_id }) => [seq, text, client_id]), room.talk?.seq, room.talk?.theirs, room.talk?.mine];
  const expected = outcome(steps.reduce((room, step) => step(room), began()));
  for (let seed = 0; seed < 300; seed++) {
    const random = dice(seed);
    const order = shuffled([...steps, ...steps.filter(() => random() < 0.4)], random);
    expect(outcome(order.reduce((room, step) => step(room), began()))).toEqual(expected);
  }
});

test("a message after a hole waits until the hole is filled", () => {
  const room = [said(1), said(3)].reduce(heard, began());
  expect(have(room)).toBe(1);
  expect(room.ahead.map(({ seq }) => seq)).toEqual([3]);
  expect(have(heard(room, said(2)))).toBe(3);
});

test("a welcome continues where the page stopped", () => {
  const room = [said(1), said(2), said(5)].reduce(heard, began());
  const after = welcomed(room, welcome({ talk: talk({ seq: 5 }), messages: [said(3), said(4), said(5)] }));
  expect(after.said.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  expect(after.ahead).toEqual([]);
});

test("a resync drops what was there", () => {
  const room = [said(1), said(2)].reduce(heard, began());
  const after = welcomed(room, welcome({ talk: talk({ seq: 41 }), messages: [said(41), said(40)], resync: true }));
  expect(after.said.map(({ seq }) => seq)).toEqual([40, 41]);
  expect(have(heard(after, said(42)))).toBe(42);
});

test("a new conversation leaves the old one readable above it", () => {
  const room = [said(1), said(2)].reduce(heard, began());
  const after = stored(room, { t: "sent", client_id: "x", conversation: OTHER, seq: 1, at: 1 }, "again");
  expect(after.talk?.id).toBe(OTHER);
  expect(after.past.length).toBe(2);
  expect(after.said.map(({ text }) => text)).toEqual(["again"]);
  expect(heard(after, said(2)), "a late copy from the old one changes nothing").toBe(after);
  expect(changed(after, talk({ status: "closed" }))).toBe(after);
});

test("a welcome without a conversation ends the one that was", () => {
  const after = welcomed(heard(began(), said(1)), welcome());
  expect(after.talk).toBeNull();
  expect(after.past.length).toBe(1);
});

test("own messages go from sent to delivered to read by the other side's cursors", () => {
  const mine = said(2, { author: "visitor" });
  const states = [{}, { delivered: 2 }, { delivered: 2, read: 1 }, { delivered: 2, read: 2 }].map((theirs) => stateOf(changed(began(), talk({ theirs })), mine));
  expect(states).toEqual(["sent", "delivered", "delivered", "read"]);
});

test("own messages are never unread", () => {
  const room = [said(1), said(2, { author: "visitor" }), said(3)].reduce(heard, began());
  expect([0, 1, 2, 3].map((read) => unread(room, read))).toEqual([2, 1, 1, 0]);
});
