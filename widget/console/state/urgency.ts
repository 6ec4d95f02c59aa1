// Which of my customers needs me most, and how one walks from one to the next.
//
// Panes keep their places: their order changes by a key, or by itself only while nobody has typed or pointed for a while.
// What moves instead are the figures: rings, ranks and the strip above the panes.

import { signal } from "@preact/signals";
import type { ConversationRow, Id } from "../../wire/console";
import { asCases } from "./cases";
import type { Pane } from "./desk";
import { byWait } from "./waits";

/** Milliseconds without a key or a move of the pointer after which things may change their place. */
export const AT_REST = 4_000;
/** Milliseconds after which a walk is over and begins anew with the most urgent one. */
export const WALK = 8_000;

/** Mine who wait for a word, the longest wait first; a case is one. */
export function owed(rows: readonly ConversationRow[], me: Id): ConversationRow[] {
  return asCases(rows).filter((row) => row.status === "open" && row.operator === me && row.waiting_since != null).sort(byWait);
}

/** Panes by urgency: the longest wait first; whoever waits for nothing stays behind in the order they lay. */
export function arranged(panes: readonly Pane[], rows: readonly ConversationRow[]): Pane[] {
  const since = new Map([...rows, ...asCases(rows)].map((row) => [row.id, row.status === "closed" ? null : (row.waiting_since ?? null)]));
  const wait = (pane: Pane): number => since.get(pane.id) ?? Infinity;
  return panes.map((pane, at) => ({ pane, at })).sort((a, b) => (wait(a.pane) === wait(b.pane) ? a.at - b.at : wait(a.pane) - wait(b.pane))).map(({ pane }) => pane);
}

/** The most urgent one that this walk has not been at yet; when it has been at all of them, it begins again. */
export class Walk {
  private been = new Set<Id>();
  private last = 0;

  next(list: readonly ConversationRow[], current: Id | null, at: number): ConversationRow | null {
    if (at - this.last > WALK) this.been.clear();
    this.last = at;
    if (current) this.been.add(current);
    let found = list.find((row) => !this.been.has(row.id));
    if (!found) {
      this.been = new Set(current ? [current] : []);
      found = list.find((row) => row.id !== current);
    }
    if (found) this.been.add(found.id);
    return found ?? null;
  }
}

/** When somebody last typed or pointed. */
export const moved = signal(0);

/** Notes every key and every move; returns how to end it. */
export function startMoves(): () => void {
  const note = () => (moved.value = Date.now());
  const kinds = ["pointermove", "pointerdown", "wheel", "keydown", "touchstart"] as const;
  for (const kind of kinds) addEventListener(kind, note, { capture: true, passive: true });
  return () => kinds.forEach((kind) => removeEventListener(kind, note, { capture: true }));
}

/** Whether things may change their place now: nobody has typed or pointed for a while, and no question is open. */
export const atRest = (at: number): boolean => at - moved.peek() >= AT_REST && !document.querySelector("dialog[open]");
