// What the inbox shows: what is in hand now, a list by filter, or what was searched for; and which rows are chosen.
//
// Filters are kept per operator in this browser. Lists come in pages by cursor and are as long as one scrolls.

import { computed, signal } from "@preact/signals";
import type { ConversationRow, Id, Outcome } from "../../wire/console";
import { api } from "./api";
import { recall, remember } from "./storage";

export interface Filter {
  name: string;
  status: "all" | "waiting" | "open" | "closed";
  queue?: Id;
  operator?: Id;
  site?: string;
  channel?: string;
  outcome?: Outcome;
  rated?: boolean;
  tag?: string;
  /** In a note that calls me. */
  mentioned?: boolean;
  /** Minutes that a customer has waited for a word at least. */
  unanswered?: number;
}

/** The part of an address that asks for these conversations. */
export function asked({ name: _, rated, mentioned, unanswered, ...plain }: Filter, now: number): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(plain)) if (value) query.set(key, value);
  if (rated !== undefined) query.set("rated", rated ? "1" : "0");
  if (mentioned) query.set("mentioned", "1");
  if (unanswered) query.set("unanswered", String(Math.floor(now - unanswered * 60_000)));
  return query.toString();
}

/** Pages of something, each item once; a page that comes after the question has changed is dropped. */
export class Paged<T> {
  readonly items = signal<readonly T[]>([]);
  readonly state = signal<"idle" | "loading" | "failed">("idle");
  readonly next = signal<string | null>(null);
  private asked = 0;
  /** Ids of `items`: asking each page anew whom we have would cost more the further one scrolls. */
  private readonly known = new Set<string>();

  constructor(private readonly idOf: (item: T) => string, private readonly ask: (before: string | null) => Promise<{ items: T[]; next?: string | null }>) {}

  /** From the start, or on from the last page. */
  async load(first = false): Promise<void> {
    if (!first && this.state.peek() === "loading") return;
    const turn = ++this.asked;
    if (first) {
      this.items.value = [];
      this.known.clear();
    }
    this.state.value = "loading";
    try {
      const page = await this.ask(first ? null : this.next.peek());
      if (turn !== this.asked) return;
      const fresh = page.items.filter((item) => !this.known.has(this.idOf(item)));
      for (const item of fresh) this.known.add(this.idOf(item));
      this.items.value = [...this.items.peek(), ...fresh];
      this.next.value = page.next ?? null;
      this.state.value = "idle";
    } catch {
      if (turn === this.asked) this.state.value = "failed";
    }
  }
}

export class InboxState {
  /** null: what is in hand now. */
  readonly filter = signal<Filter | null>(null);
  readonly saved = signal<readonly Filter[]>([]);
  readonly words = signal("");
  /** Rows that something is done to together; null while nobody chooses. */
  readonly chosen = signal<ReadonlyMap<Id, ConversationRow> | null>(null);
  readonly choosing = computed(() => this.chosen.value !== null);

  constructor(private readonly me: Id) {
    this.saved.value = recall<Filter[]>(`filters.${me}`) ?? [];
  }

  save(filter: Filter): void {
    this.keep([...this.saved.value.filter((one) => one.name !== filter.name), filter]);
    this.filter.value = filter;
  }

  drop(name: string): void {
    this.keep(this.saved.value.filter((one) => one.name !== name));
    this.filter.value = null;
  }

  choose(row: ConversationRow): void {
    const chosen = new Map(this.chosen.value ?? []);
    if (!chosen.delete(row.id)) chosen.set(row.id, row);
    this.chosen.value = chosen;
  }

  private keep(filters: readonly Filter[]): void {
    this.saved.value = filters;
    remember(`filters.${this.me}`, filters);
  }
}

export const listOf = (filter: Filter): Paged<ConversationRow> =>
  new Paged((row) => row.id, (before) => api.conversations(asked(filter, Date.now()), before));

/** Does `one` to each in turn; tells how many are done after each, and ends with those that went well. */
export async function eachOf(
  rows: readonly ConversationRow[], one: (row: ConversationRow) => Promise<boolean>, told: (done: number) => void,
): Promise<ConversationRow[]> {
  const well: ConversationRow[] = [];
  for (const [at, row] of rows.entries()) {
    if (await one(row)) well.push(row);
    told(at + 1);
  }
  return well;
}
