// Nothing moves under the pointer: a list that is being aimed at keeps its places.
//
// Who left stays as a shadow, who came (or now asks for attention) is counted for the pill, and everything falls into
// its new place when the pointer leaves or the pill is pressed.

import { useRef, useState } from "preact/hooks";

export interface Shown<T> {
  readonly row: T;
  /** No longer there; kept so that the others do not move up. */
  readonly gone: boolean;
}

export interface Steady<T> {
  readonly shown: readonly Shown<T>[];
  /** How many of `sorted` the held places do not show as they should. */
  readonly fresh: number;
}

/** `held` are the rows in the places they were when the list was taken hold of; null when it is free. */
export function steady<T extends { id: string }>(
  sorted: readonly T[],
  held: readonly T[] | null,
  rises: (now: T, then: T) => boolean = () => false,
): Steady<T> {
  if (!held) return { shown: sorted.map((row) => ({ row, gone: false })), fresh: 0 };
  const now = new Map(sorted.map((row) => [row.id, row]));
  const then = new Map(held.map((row) => [row.id, row]));
  const shown = held.map((row) => ({ row: now.get(row.id) ?? row, gone: !now.has(row.id) }));
  let fresh = 0;
  for (const row of sorted) {
    const before = then.get(row.id);
    if (!before || rises(row, before)) fresh++;
  }
  return { shown, fresh };
}

/**
 * Holds a sorted list while somebody aims at it. `way` names how it is sorted and filtered: another way is the
 * operator's own doing and takes effect at once.
 */
export function useSteady<T extends { id: string }>(sorted: readonly T[], way: string, rises: (now: T, then: T) => boolean) {
  const [holding, setHolding] = useState(false);
  const held = useRef<{ rows: readonly T[]; way: string } | null>(null);
  const [, redraw] = useState(0);
  if (!holding) held.current = null;
  else if (held.current?.way !== way) held.current = { rows: sorted, way };
  return {
    ...steady(sorted, held.current?.rows ?? null, rises),
    /** The same thing as long as the same places are held; null while the list is free. */
    held: held.current,
    hold: setHolding,
    /** Let everything fall into place now. */
    settle: () => {
      held.current = null;
      redraw((n) => n + 1);
    },
  };
}
