/**
 * What the visitor said and the hub has not yet acknowledged.
 *
 * A frame stays here, and in localStorage, until the hub answers `sent` or refuses it for good; a lost line, a reload
 * or a closed laptop in between loses nothing, and the `client_id` makes a second sending harmless. Each frame has a
 * storage entry of its own, so that two tabs of one shop never overwrite each other's.
 */

import type { Attachment, End, Open, Rate, Say } from "../wire/visitor.ts";
import type { Memory } from "./memory.ts";

/** More waiting messages than this are a broken line or a broken visitor; the composer keeps the text. */
export const MAX_WAITING = 50;
/** Milliseconds after which an unsent message is no longer what the visitor means to say. */
export const STALE = 86_400_000;

/** After so many sendings without any answer a message is the likely cause of the silence: it stops, and says so. */
export const MAX_TRIES = 10;

export type Command = Open | Say | End | Rate;

export interface Entry {
  frame: Command;
  /** When it was written, milliseconds. */
  at: number;
  /** What its `attachments` are, to show them. */
  files?: Attachment[];
  /** Refused for good: the hub's code and sentence. */
  failed?: { code: string; message: string };
}

export interface Outbox {
  entries(): readonly Entry[];
  /** False when full. */
  add(frame: Command, files?: Attachment[]): boolean;
  /** Acknowledged or withdrawn: takes it out. */
  take(id: string): Entry | undefined;
  /** Refused for good: stays, marked, for the visitor to decide. */
  fail(id: string, code: string, message: string): void;
  /** Sends what was not sent since the last `renew`, in the order it was written. */
  flush(): void;
  /** A new line: everything not yet acknowledged is to be sent again. */
  renew(): void;
  /** Too fast: nothing for so many milliseconds, then one by one, each after the answer to the one before. */
  hold(id: string, milliseconds: number): void;
}

const NAME = "out:";

/** `send` gives false while there is no line. */
export function outbox(memory: Memory, send: (frame: Command) => boolean, now = Date.now): Outbox {
  const entries = restore(memory, now());
  const underway = new Set<string>();
  const tries = new Map<string, number>();
  let held: ReturnType<typeof setTimeout> | undefined;
  let single = false;
  const keep = (entry: Entry) => memory.set(NAME + entry.frame.client_id, JSON.stringify(entry));
  const find = (id: string) => entries.find((entry) => entry.frame.client_id === id);
  const fail = (id: string, code: string, message: string) => {
    const entry = find(id);
    if (!entry) return;
    entry.failed = { code, message };
    keep(entry);
  };
  const flush = () => {
    for (const { frame, failed } of [...entries]) {
      const id = frame.client_id;
      const tried = tries.get(id) ?? 0;
      if (failed || held) continue;
      if (underway.has(id)) {
        if (single) return;
      } else if (tried >= MAX_TRIES) fail(id, "unanswered", "");
      else if (send(frame)) {
        underway.add(id);
        tries.set(id, tried + 1);
        if (single) return;
      }
    }
  };
  const renew = () => {
    underway.clear();
    flush();
  };
  return {
    entries: () => entries,
    add(frame, files = []) {
      if (entries.length >= MAX_WAITING) return false;
      const entry = { frame, at: now(), files };
      entries.push(entry);
      keep(entry);
      flush();
      return true;
    },
    take(id) {
      const entry = find(id);
      if (entry) entries.splice(entries.indexOf(entry), 1);
      memory.set(NAME + id, null);
      if (single) flush();
      return entry;
    },
    fail,
    flush,
    renew,
    hold(id, milliseconds) {
      tries.delete(id); // it was answered
      single = true;
      held ??= setTimeout(() => {
        held = undefined;
        renew();
      }, milliseconds);
    },
  };
}

function restore(memory: Memory, now: number): Entry[] {
  const found: Entry[] = [];
  for (const name of memory.names(NAME)) {
    try {
      const entry: Entry = JSON.parse(memory.get(name)!);
      if (entry.frame.client_id && now - entry.at < STALE) found.push(entry);
      else memory.set(name, null);
    } catch {
      memory.set(name, null);
    }
  }
  return found.sort((a, b) => a.at - b.at).slice(-MAX_WAITING);
}
