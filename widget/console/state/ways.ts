// By which way an operator wants the next answer of a conversation to go, where they chose one. It counts once.

import { signal } from "@preact/signals";
import type { Id } from "../../wire/console";

export const chosenWays = signal<ReadonlyMap<Id, string>>(new Map());

export function chooseWay(id: Id, way: string): void {
  const next = new Map(chosenWays.peek());
  if (way) next.set(id, way);
  else next.delete(id);
  chosenWays.value = next;
}

/** The choice for the message that is sent now. */
export function takeWay(id: Id): string {
  const way = chosenWays.peek().get(id) ?? "";
  if (way) chooseWay(id, "");
  return way;
}
