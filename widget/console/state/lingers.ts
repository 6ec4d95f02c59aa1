// Somebody begins to linger: said once, so that an operator may offer help.
//
// Who lingered already when this tab opened is seen, not heard; who is being talked with needs nobody.

import { effect, signal } from "@preact/signals";
import type { Id, VisitorRow } from "../../wire/console";
import { t } from "../text";
import { ring } from "./chime";
import { needsSomebody } from "./floor";
import type { Hub } from "./hub";

/** The last sentence, for a polite live region. */
export const lingerWords = signal("");

/** Remembers since when each visitor lingers and tells who has begun. */
export class Lingers {
  private since: ReadonlyMap<Id, number> | null = null;

  /** Those who began to linger since the last call and have nobody; nobody at the first call. */
  begun(rows: readonly VisitorRow[]): VisitorRow[] {
    const before = this.since;
    this.since = new Map(rows.filter((row) => row.lingering != null).map((row) => [row.id, row.lingering!]));
    if (!before) return [];
    return rows.filter((row) => needsSomebody(row) && before.get(row.id) !== row.lingering);
  }
}

export function sentence(rows: readonly VisitorRow[]): string {
  const first = rows[0]!;
  if (rows.length > 1) return t("lingers.several", { count: rows.length });
  return t("lingers.one", { name: first.name || t("visitor"), page: first.title || first.url });
}

/** Listens for as long as the console is open; returns how to end it. Only an operator who is available is rung. */
export function startLingers(hub: Hub): () => void {
  const lingers = new Lingers();
  return effect(() => {
    if (!hub.visitorsLoaded.value) return;
    const begun = lingers.begun(hub.visitors.value);
    if (!begun.length) return;
    lingerWords.value = sentence(begun);
    if (hub.presence.peek() === "available") ring();
  });
}
