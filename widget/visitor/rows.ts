/**
 * The transcript as rows: which messages there are, in which groups, on which days. Pure.
 *
 * A row's key stays the same from the moment the visitor presses Enter: an own message is known by its client id
 * before and after it has a number, so it changes its state in place and nothing jumps.
 */

import type { Attachment, Author, Push, Said } from "../wire/visitor.ts";
import type { Entry } from "./outbox.ts";
import { type Room, type State, stateOf } from "./talk.ts";

/** Messages of one author within this many milliseconds belong together. */
const TOGETHER = 300_000;

export interface Message {
  key: string;
  day: false;
  author: Author;
  name: string;
  text: string;
  at: number;
  state: State | "sending" | "failed" | null;
  /** Why it was refused. */
  failed?: { code: string; message: string };
  files: readonly Attachment[];
  /** A page that an operator offers to open; the message's number is its name. */
  push: { seq: number; conversation: string; page: Push } | null;
  /** First or last of its group. */
  first: boolean;
  last: boolean;
}

export interface Day {
  key: string;
  day: true;
  at: number;
}

export type Row = Message | Day;

export function rows(room: Room, entries: readonly Entry[]): Row[] {
  const own = room.ahead.filter((message) => message.author === "visitor");
  const messages = [...room.past, ...room.said, ...own].map((message) => arrived(message, room));
  for (const { frame, at, failed, files = [] } of entries) {
    if (!("text" in frame)) continue;
    const state = failed ? ("failed" as const) : ("sending" as const);
    messages.push({ ...BLANK, key: frame.client_id, author: "visitor", text: frame.text, files, at, state, ...(failed && { failed }) });
  }
  return grouped(messages);
}

const BLANK = { day: false as const, name: "", push: null, first: true, last: true };

const arrived = (message: Said, room: Room): Message => ({
  ...BLANK,
  key: message.client_id ?? `${message.conversation}:${message.seq}`,
  author: message.kind === "system" ? "system" : message.author,
  name: message.name ?? "",
  text: message.text,
  files: message.attachments ?? [],
  push: message.push ? { seq: message.seq, conversation: message.conversation, page: message.push } : null,
  at: message.at,
  state: message.author === "visitor" ? stateOf(room, message) : null,
});

function grouped(messages: Message[]): Row[] {
  const all: Row[] = [];
  let before: Message | undefined;
  for (const message of messages) {
    const day = new Date(message.at).toDateString();
    if (!before || new Date(before.at).toDateString() !== day) {
      all.push({ key: `day:${day}`, day: true, at: message.at });
      before = undefined;
    }
    if (before && together(before, message)) {
      before.last = message.first = false;
    }
    all.push(message);
    before = message;
  }
  return all;
}

const together = (a: Message, b: Message) =>
  a.author === b.author && a.name === b.name && b.author !== "system" && b.at - a.at < TOGETHER;
