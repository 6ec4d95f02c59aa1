// Whom this operator watches: told once, quietly, when one of them comes back or puts something into the cart.
//
// The hub keeps the list; who is on the sites is known here anyway. Who was here already when this tab opened is seen, not heard.

import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Id, VisitorRow, WatchRow } from "../../wire/console";
import { itemsOf, type Topic } from "./topics";

/** Somebody who goes from page to page, or whose line breaks, has not come back. */
const AGAIN = 10 * 60_000;
const FEW = 60;
const PACE = 500;

export class Watched {
  constructor(private readonly topic: ReadonlySignal<Topic | null>) {}

  readonly rows = computed<WatchRow[]>(() => itemsOf(this.topic.value, "watch"));
  readonly customers = computed<ReadonlySet<Id>>(() => new Set(this.rows.value.map((row) => row.customer)));
  readonly loaded = computed(() => this.topic.value !== null);
}

export interface Sighting {
  readonly row: VisitorRow;
  readonly what: "back" | "cart";
}

interface Before {
  readonly cart: number;
}

/** Remembers who was here, and tells what is new of the watched. */
export class Sightings {
  private here: ReadonlyMap<Id, Before> | null = null;
  private readonly told = new Map<Id, number>();

  /** What happened since the last call; nothing at the first. */
  next(rows: readonly VisitorRow[], watched: ReadonlySet<Id>, at: number): Sighting[] {
    const before = this.here;
    const now = new Map<Id, Before>();
    const found: Sighting[] = [];
    for (const row of rows) {
      const cart = Math.max(row.cart_count ?? 0, now.get(row.customer)?.cart ?? 0);
      now.set(row.customer, { cart });
      if (!before || !watched.has(row.customer)) continue;
      const then = before.get(row.customer);
      if (!then) {
        if (at - (this.told.get(row.customer) ?? -AGAIN) >= AGAIN) found.push({ row, what: "back" });
      } else if (cart > then.cart) found.push({ row, what: "cart" });
    }
    for (const { customer } of rows) if (watched.has(customer)) this.told.set(customer, at);
    this.here = now;
    return found;
  }
}

/** The last sentence, for a polite live region. */
export const watchWords = signal("");

/** Listens for as long as the console is open; returns how to end it. */
export function startWatching(
  watched: Watched,
  rows: ReadonlySignal<readonly VisitorRow[]>,
  loaded: ReadonlySignal<boolean>,
  tell: (seen: Sighting) => void,
): () => void {
  const sightings = new Sightings();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    timer = undefined;
    const found = sightings.next(rows.peek(), watched.customers.peek(), Date.now());
    if (found.length) queueMicrotask(() => found.forEach(tell));
  };
  const end = effect(() => {
    if (!loaded.value || !watched.loaded.value) return;
    // On a full floor something changes many times a second, and nobody needs to be told sooner than they can look.
    if (rows.value.length > FEW) timer ??= setTimeout(look, PACE);
    else look();
  });
  return () => {
    end();
    clearTimeout(timer);
  };
}
