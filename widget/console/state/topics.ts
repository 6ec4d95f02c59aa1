// What a topic is and how it moves: old snapshot + events = new snapshot.
//
// Pure, so that the law can be tested on random histories. Every event puts or drops one item by id; applying one twice
// does no harm. An event says what it follows (`after`, else n - 1); one that follows something we do not hold means that
// something was missed: ask again from where we are. A live topic counts within one process of the hub (`epoch`): another epoch means a new snapshot.

import type { Event, Item, Snapshot } from "../../wire/console";

export interface Topic {
  readonly n: number;
  readonly epoch: string | null;
  readonly items: ReadonlyMap<string, Item>;
  /** Older items exist and are fetched by GET. */
  readonly more: boolean;
}

/** What an event leads to: the next state, nothing, or a question to the hub (from `n`, or from a new snapshot). */
export type Step = { do: "put"; topic: Topic } | { do: "nothing" } | { do: "ask" } | { do: "restart" };

/**
 * The place of an item within its topic. The kind is part of it because the ids of customers and touchpoints are
 * drawn from one pool: a customer is called after one of its touchpoints.
 */
export function place(item: Item): string {
  return `${item.k}:${item.id}`;
}

/** The state a snapshot describes. */
export function fromSnapshot(frame: Snapshot): Topic {
  const items = new Map<string, Item>();
  for (const item of frame.items) items.set(place(item), item);
  return { n: frame.n, epoch: frame.epoch ?? null, items, more: frame.more ?? false };
}

/** One event later. */
export function step(topic: Topic | null, frame: Event): Step {
  if (topic === null) return { do: "nothing" };
  if ((frame.epoch ?? null) !== topic.epoch) return { do: "restart" };
  if (frame.n <= topic.n) return { do: "nothing" };
  if ((frame.after ?? frame.n - 1) > topic.n) return { do: "ask" };
  return { do: "put", topic: { ...topic, n: frame.n, items: put(topic.items, frame.item) } };
}

function put(items: ReadonlyMap<string, Item>, item: Item): Map<string, Item> {
  const next = new Map(items);
  if (item.k !== "gone") return next.set(place(item), item);
  for (const kind of ["row", "message", "visitor", "touch", "operator", "health", "typing", "canned", "mention", "watch", "member", "link", "queue", "eye"]) next.delete(`${kind}:${item.id}`);
  return next;
}

type Kind = Item["k"];
export type ItemOf<K extends Kind> = Extract<Item, { k: K }>;

/** The items of one kind, in the order they first came. */
export function itemsOf<K extends Kind>(topic: Topic | null, kind: K): ItemOf<K>[] {
  const found: ItemOf<K>[] = [];
  if (topic) for (const item of topic.items.values()) if (item.k === kind) found.push(item as ItemOf<K>);
  return found;
}

/** The one item of a kind a topic is about (the head of a conversation, the customer), or null. */
export function oneOf<K extends Kind>(topic: Topic | null, kind: K): ItemOf<K> | null {
  if (topic) for (const item of topic.items.values()) if (item.k === kind) return item as ItemOf<K>;
  return null;
}
