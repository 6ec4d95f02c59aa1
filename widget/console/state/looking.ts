// How the operator looks at the floor: in which shape and order, for which words, narrowed to whom, at whom. It outlives a visit
// to the desk; shape, order and filter are kept per operator and outlive the day.

import { effect, signal } from "@preact/signals";
import { BY_NEED, type Narrow, type Order } from "./floor";
import { recall, remember } from "./storage";

export type View = "shelves" | "sections" | "table";
export const VIEWS: readonly View[] = ["table", "shelves", "sections"];

export const order = signal<Order>(BY_NEED);
export const narrow = signal<Narrow>({});
export const words = signal("");
export const chosen = signal<string | null>(null);
/** A customer whose record is looked at, whether they are on the site or not. */
export const person = signal<string | null>(null);
/** The visitor an invitation is being written to. */
export const inviting = signal<string | null>(null);
export const view = signal<View>("table");

interface Kept {
  view?: View;
  order?: Order;
  narrow?: Narrow;
}

/** Looks as this operator did last, and keeps how they look from now on; returns how to end it. */
export function lookAs(operator: string): () => void {
  const key = `floor.${operator}`;
  const kept = recall<Kept>(key);
  if (kept?.view && VIEWS.includes(kept.view)) view.value = kept.view;
  if (kept?.order) order.value = kept.order;
  if (kept?.narrow) narrow.value = kept.narrow;
  return effect(() => remember(key, { view: view.value, order: order.value, narrow: narrow.value }));
}

export function look(next: View): void {
  view.value = next;
}

/** Opens somebody's place on the floor, or closes it when it is open. */
export function choose(id: string | null): void {
  person.value = null;
  chosen.value = id;
}

/** Opens the record of a customer who may be elsewhere. */
export function lookAt(customer: string | null): void {
  chosen.value = null;
  person.value = customer;
}
