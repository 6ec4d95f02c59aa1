// Tags in use, for whoever types one: asked of the hub when somebody begins, and for half a minute known after that.

import { signal } from "@preact/signals";
import type { TagUse } from "../../wire/console";
import { api } from "./api";

export const MOST_TAGS = 20;
export const LONGEST_TAG = 40;
const FRESH = 30_000;

export const inUse = signal<readonly TagUse[]>([]);
let asked = -FRESH;

/** Asks what is in use, unless that is known. Without an answer nothing is offered, and typing goes on. */
export function learnTags(now = Date.now()): void {
  if (now - asked < FRESH) return;
  asked = now;
  api.tags().then(
    ({ items }) => (inUse.value = items),
    () => (asked = -FRESH),
  );
}

/** A tag as the hub keeps it; "" when nothing is left. */
export const tidy = (text: string): string => text.normalize("NFC").trim().replace(/^#+/, "").toLowerCase().split(/\s+/).filter(Boolean).join(" ").slice(0, LONGEST_TAG).trim();

/** Those in use that fit what was typed and are not on it yet: beginnings before middles, the most used first. */
export function offered(typed: string, on: readonly string[], most = 8): string[] {
  const words = tidy(typed);
  const rank = (tag: string) => (tag.startsWith(words) ? 0 : tag.includes(` ${words}`) ? 1 : 2);
  return inUse.value.map(({ tag }) => tag).filter((tag) => !on.includes(tag) && tag.includes(words)).sort((a, b) => rank(a) - rank(b)).slice(0, most);
}

/** What turns `before` into `after`. */
export const changes = (before: readonly string[], after: readonly string[]): { add: string[]; drop: string[] } => ({
  add: after.filter((tag) => !before.includes(tag)),
  drop: before.filter((tag) => !after.includes(tag)),
});
