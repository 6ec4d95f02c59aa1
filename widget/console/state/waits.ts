// Who waits, how long, and who comes first. One rule for list, ring, tab title and the `J` key.

import { signal } from "@preact/signals";
import type { ConversationRow, Id } from "../../wire/console";
import { asCases } from "./cases";

/** Seconds after which an answer is late, where a site says nothing else. */
export const TARGET = 60;

/** What the sites say, by key. */
export const targets = signal<Readonly<Record<string, number>>>({});

export const targetOf = (site: string | undefined): number => (site === undefined ? undefined : targets.value[site]) ?? TARGET;

export type Warmth = 0 | 1 | 2;

/** Whole seconds since the customer's oldest unanswered word, or null when nothing is owed. */
export function waited(row: ConversationRow, now: number): number | null {
  if (row.status === "closed" || row.waiting_since == null) return null;
  return Math.max(0, Math.floor((now - row.waiting_since) / 1000));
}

/** 0 calm, 1 from half of the target on, 2 when it has passed. */
export function warmth(seconds: number, target: number = TARGET): Warmth {
  return seconds >= target ? 2 : seconds >= target / 2 ? 1 : 0;
}

const since = (row: ConversationRow): number => row.waiting_since ?? Infinity;

const RANK = { urgent: 0, normal: 1, low: 2 } as const;
const rank = (row: ConversationRow): number => (row.waiting_since == null ? 3 : RANK[row.priority ?? "normal"]);

/** Urgent ones first, low ones last, the longest wait first; who waits for nothing comes after, in the order they came. */
export function byWait(a: ConversationRow, b: ConversationRow): number {
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (since(a) !== since(b)) return since(a) < since(b) ? -1 : 1;
  return a.opened - b.opened || (a.id < b.id ? -1 : 1);
}

export interface Sections {
  waiting: ConversationRow[];
  mine: ConversationRow[];
  others: ConversationRow[];
}

export function sections(rows: readonly ConversationRow[], me: Id): Sections {
  const found: Sections = { waiting: [], mine: [], others: [] };
  for (const row of asCases(rows).sort(byWait)) {
    if (row.status === "waiting") found.waiting.push(row);
    else if (row.operator === me) found.mine.push(row);
    else found.others.push(row);
  }
  return found;
}

/** Who has waited longest among those I can help: unclaimed ones and mine. */
export function longest(rows: readonly ConversationRow[], me: Id): ConversationRow | null {
  const { waiting, mine } = sections(rows, me);
  return [...waiting, ...mine].filter((row) => row.waiting_since != null).sort(byWait)[0] ?? null;
}
