// How the operator looks at the floor: in which shape and order, for which words, at whom. It outlives a visit to the desk.

import { signal } from "@preact/signals";
import { BY_NEED, type Order } from "./floor";
import { recall, remember } from "./storage";

export type View = "shelves" | "table";

export const order = signal<Order>(BY_NEED);
export const words = signal("");
export const chosen = signal<string | null>(null);
/** The visitor an invitation is being written to. */
export const inviting = signal<string | null>(null);
export const view = signal<View>(recall<View>("floor") ?? "table");

export function look(next: View): void {
  view.value = next;
  remember("floor", next);
}
