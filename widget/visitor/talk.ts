/**
 * The conversation as this page knows it: a value and the steps that lead from one to the next. Pure.
 *
 * The hub numbers the messages of a visitor's leg without holes. Frames may come twice (resent, or as an answer and
 * again as news) and, over long-poll, early; so a message is taken when its number is next, kept aside when it is
 * higher, and ignored when it is known. Any order of the same frames ends in the same room.
 */

import type { Attachment, Cursors, Said, Sent, Talk, Welcome } from "../wire/visitor.ts";

export interface Room {
  talk: Talk | null;
  /** Messages of conversations that ended while this page was open. */
  past: readonly Said[];
  /** Messages of the present conversation, in order, without a hole. */
  said: readonly Said[];
  /** Messages that came before one with a lower number. While there are any, something is missing. */
  ahead: readonly Said[];
}

export type State = "sent" | "delivered" | "read";

export const EMPTY: Room = { talk: null, past: [], said: [], ahead: [] };

/** The last number up to which nothing is missing. */
export const have = (room: Room): number => room.said.at(-1)?.seq ?? 0;

/** The hub's answer to hello: it says what is true, and continues from `have` unless it says resync. */
export function welcomed(room: Room, { talk = null, messages = [], resync }: Pick<Welcome, "talk" | "messages" | "resync">): Room {
  if (!talk) return room.talk ? { ...turned(room), talk: null } : room;
  if (talk.id === room.talk?.id && !resync) return changed(messages.reduce(heard, { ...room, ahead: [] }), talk);
  const past = resync ? [] : turned(room).past;
  return { talk, past, said: [...messages].sort(byNumber), ahead: [] };
}

/** One message arrived. */
export function heard(room: Room, message: Said): Room {
  const id = message.conversation;
  if (id !== room.talk?.id) {
    if (room.past.some((old) => old.conversation === id)) return room;
    room = { ...turned(room), talk: { id, status: "waiting", seq: 0 } };
  }
  if (message.seq <= have(room) || room.ahead.some((known) => known.seq === message.seq)) return room;
  const said = [...room.said];
  const ahead = [];
  for (const next of [...room.ahead, message].sort(byNumber)) {
    if (next.seq === (said.at(-1)?.seq ?? 0) + 1) said.push(next);
    else ahead.push(next);
  }
  return { ...room, said, ahead };
}

/** Our own message is stored under a number. */
export const stored = (room: Room, { conversation, seq, at, client_id }: Sent, text: string, attachments: Attachment[] = []): Room =>
  heard(room, { t: "said", conversation, seq, at, client_id, text, attachments, author: "visitor" });

/** The conversation's state moved on. Cursors never go back, whatever order the news comes in. */
export function changed(room: Room, talk: Talk): Room {
  const before = room.talk;
  if (!before) return { ...room, talk };
  if (before.id !== talk.id) {
    return room.past.some((old) => old.conversation === talk.id) ? room : { ...turned(room), talk };
  }
  const merged = {
    ...talk,
    seq: Math.max(before.seq, talk.seq),
    mine: furthest(before.mine, talk.mine),
    theirs: furthest(before.theirs, talk.theirs),
  };
  return { ...room, talk: merged };
}

/** What became of an own message that is stored. */
export function stateOf(room: Room, { seq, conversation }: Said): State {
  const { delivered = 0, read = 0 } = (conversation === room.talk?.id && room.talk.theirs) || {};
  return read >= seq ? "read" : delivered >= seq ? "delivered" : "sent";
}

/** How many messages of others have a number above `read`. */
export const unread = (room: Room, read: number): number =>
  room.said.filter((message) => message.author !== "visitor" && message.seq > read).length;

const byNumber = (a: Said, b: Said) => a.seq - b.seq;

const turned = (room: Room): Room => ({ talk: room.talk, past: [...room.past, ...room.said], said: [], ahead: [] });

const furthest = (a: Cursors = {}, b: Cursors = {}): Cursors => ({
  delivered: Math.max(a.delivered ?? 0, b.delivered ?? 0),
  read: Math.max(a.read ?? 0, b.read ?? 0),
});
