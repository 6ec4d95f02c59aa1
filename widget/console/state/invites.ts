// Invitations this operator made: what was written, and what becomes of each.
//
// The board tells the fate of a visitor's last invitation. One that was made here and is accepted opens its conversation.

import { effect } from "@preact/signals";
import type { Id, VisitorRow } from "../../wire/console";
import { recall, remember } from "./storage";

const KEPT = 5;
type Fate = NonNullable<VisitorRow["invitation"]>;

export interface Ended {
  readonly row: VisitorRow;
  readonly fate: "accepted" | "declined" | "expired";
}

export class Invites {
  /** Fate the board told when ours was sent, until it has told of ours. */
  private readonly open = new Map<Id, Fate>();
  private readonly key: string;

  constructor(operator: Id) {
    this.key = `invites.${operator}`;
  }

  /** The last texts, the newest first. */
  texts(): string[] {
    return recall<string[]>(this.key) ?? [];
  }

  /** An invitation is on its way. */
  sent(row: VisitorRow, text: string): void {
    this.open.set(row.id, row.invitation ?? "");
    remember(this.key, [text, ...this.texts().filter((one) => one !== text)].slice(0, KEPT));
  }

  /** The hub refused it. */
  refused(visitor: Id): void {
    this.open.delete(visitor);
  }

  /** Those of ours that have ended. An accepted one ends when there is a conversation to open. */
  ended(rows: readonly VisitorRow[]): Ended[] {
    if (!this.open.size) return [];
    const found: Ended[] = [];
    for (const row of rows) {
      const before = this.open.get(row.id);
      const fate = row.invitation ?? "";
      if (before === undefined || fate === before || fate === "") continue;
      if (fate === "offered" || fate === "shown") this.open.set(row.id, fate);
      else if (fate !== "accepted" || row.conversation) {
        this.open.delete(row.id);
        found.push({ row, fate });
      }
    }
    return found;
  }
}

/** Calls `then` with each of ours that ends; returns how to stop. */
export function followInvites(invites: Invites, rows: { readonly value: readonly VisitorRow[] }, then: (one: Ended) => void): () => void {
  return effect(() => {
    const ended = invites.ended(rows.value);
    if (ended.length) queueMicrotask(() => ended.forEach(then));
  });
}
