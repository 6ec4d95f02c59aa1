// The suggestions desk of this tab: which pairs wait, which one is looked at, and what this operator has said so far.
//
// A decision shows at once and is sent behind it; where the hub says no the pair is back, or gone for good, and the operator
// is told. The next records are fetched ahead, so that nobody waits between two decisions.

import { computed, effect, signal, untracked } from "@preact/signals";
import type { Id } from "../../wire/console";
import type { JudgeSuggestion, Shelf, Suggestion, SuggestionPair } from "../../wire/suggestions";
import { t } from "../text";
import { api, ApiError } from "./api";
import type { Hub } from "./hub";
import { dismissUndo, toast } from "./toasts";

export type Verdict = JudgeSuggestion["verdict"];
export type Word = "accept" | "dismiss" | "unsure" | "skip";

interface Past {
  readonly one: Suggestion;
  readonly word: Word;
  /** The decision that can be revoked; rejects where the hub said no. */
  readonly answer: Promise<Id | null>;
  readonly undo: () => void;
}

const AHEAD = 3;
const PAUSE = 400;
export const DAYS = [7, 30, 90, 365] as const;

export const keyOf = ({ a, b }: Suggestion): string => `${a.customer}${b.customer}`;
const nameOf = (side: { name: string }): string => side.name || t("visitor");
const namesOf = ({ a, b }: Suggestion) => ({ a: nameOf(a), b: nameOf(b) });

export class PairsDesk {
  readonly shelf = signal<Shelf>("queue");
  /** What waits on this shelf, the one that is looked at first; null: not loaded. */
  readonly items = signal<readonly Suggestion[] | null>(null);
  readonly failed = signal(false);
  readonly pending = signal(false);
  readonly details = signal<ReadonlyMap<string, SuggestionPair>>(new Map());
  /** When to ask again about those that nobody is sure of. */
  readonly days = signal<number>(30);
  readonly past = signal<readonly Past[]>([]);
  readonly current = computed<Suggestion | null>(() => this.items.value?.[0] ?? null);
  readonly row = computed(() => this.hub.pairs.value);
  private next: string | null = null;
  private loads = 0;
  private known = 0;
  /** Decided here or elsewhere, and by which load: a page that was asked for later says what is true of them, an older one does not. */
  private readonly gone = new Map<string, number>();
  private readonly skipped = new Set<string>();
  private readonly asked = new Set<string>();
  /** The last decision of anybody that this desk has heard of; null: of none, so what is told first is the past. */
  private heard: number | null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly hub: Hub) {
    const row = hub.pairs.peek();
    this.heard = row && (row.judged?.at(-1)?.at ?? 0);
  }

  /** Keeps the list as it is at the hub while somebody looks. Returns how to end it. */
  watch(): () => void {
    void this.load();
    const ends = [effect(() => (this.row.value, untracked(() => this.listen()))), effect(() => (this.items.value, untracked(() => this.fetchAhead())))];
    return () => {
      clearTimeout(this.timer);
      for (const end of ends) end();
    };
  }

  show(shelf: Shelf): void {
    if (shelf === this.shelf.peek()) return;
    this.shelf.value = shelf;
    this.items.value = null;
    this.skipped.clear();
    void this.load();
  }

  async load(): Promise<void> {
    const asked = ++this.loads;
    try {
      const page = await api.suggestions(this.shelf.peek(), null);
      if (asked !== this.loads) return;
      this.failed.value = false;
      this.pending.value = page.pending ?? false;
      this.next = page.next ?? null;
      this.known = page[this.shelf.peek()] ?? 0;
      for (const [key, load] of this.gone) if (load < asked) this.gone.delete(key);
      this.items.value = this.arranged(page.items);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (asked === this.loads && !this.items.peek()) this.failed.value = true;
    }
  }

  /** The one that is looked at stays where it is, as long as it waits; those that were skipped come last. */
  private arranged(found: readonly Suggestion[]): Suggestion[] {
    const waits = found.filter((one) => !this.gone.has(keyOf(one)));
    const current = this.current.peek();
    const late = (one: Suggestion) => Number(this.skipped.has(keyOf(one)));
    const still = current && waits.find((one) => keyOf(one) === keyOf(current));
    const first = (one: Suggestion) => (still === one ? -1 : late(one));
    return waits.sort((one, other) => first(one) - first(other));
  }

  private async onward(): Promise<void> {
    if (!this.next) return;
    const before = this.next;
    this.next = null;
    const page = await api.suggestions(this.shelf.peek(), before).catch(() => null);
    if (!page) return;
    this.next = page.next ?? null;
    const here = this.items.peek() ?? [];
    const fresh = page.items.filter((one) => !this.gone.has(keyOf(one)) && !here.some((each) => keyOf(each) === keyOf(one)));
    const at = here.findIndex((one, n) => n > 0 && this.skipped.has(keyOf(one)));
    this.items.value = at < 0 ? [...here, ...fresh] : [...here.slice(0, at), ...fresh, ...here.slice(at)];
  }

  /** Others decide as well, and the scorer finds more. */
  private listen(): void {
    const row = this.row.peek();
    if (!row) return;
    this.heard ??= row.judged?.at(-1)?.at ?? 0;
    for (const said of row.judged ?? []) {
      if (said.at <= this.heard) continue;
      this.heard = said.at;
      this.elsewhere(`${said.a}${said.b}`, said.by, said.name);
    }
    const here = this.items.peek()?.length ?? 0;
    const there = row[this.shelf.peek()] ?? 0;
    if (this.next ? there > this.known : there !== here) this.soon();
    this.known = there;
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.load(), PAUSE);
  }

  private elsewhere(key: string, by: Id, name: string): void {
    const one = this.items.peek()?.find((each) => keyOf(each) === key);
    if (!one) return;
    const looked = this.current.peek() === one;
    this.take(one);
    if (looked && by !== this.hub.me.peek().id) toast(t("pairs.taken", { name, ...namesOf(one) }));
  }

  private fetchAhead(): void {
    const ahead = (this.items.peek() ?? []).slice(0, AHEAD);
    if ((this.items.peek()?.length ?? AHEAD) < AHEAD + 2) void this.onward();
    for (const one of ahead) {
      const key = keyOf(one);
      if (this.asked.has(key)) continue;
      this.asked.add(key);
      api.suggestionPair(one.a.customer, one.b.customer).then(
        (pair) => (this.details.value = new Map([...this.details.peek(), [key, pair]])),
        (error: unknown) => {
          this.asked.delete(key);
          if (error instanceof ApiError && error.status === 404) this.take(one);
        },
      );
    }
    const wanted = new Set(ahead.map(keyOf));
    const kept = [...this.details.peek()].filter(([key]) => wanted.has(key));
    if (kept.length < this.details.peek().size - AHEAD * 2) this.details.value = new Map(kept);
    for (const key of this.asked) if (!wanted.has(key) && !this.details.peek().has(key)) this.asked.delete(key);
  }

  private take(one: Suggestion, until = this.loads): void {
    const key = keyOf(one);
    this.gone.set(key, until);
    this.asked.delete(key);
    this.details.value = new Map([...this.details.peek()].filter(([each]) => each !== key));
    this.items.value = (this.items.peek() ?? []).filter((each) => keyOf(each) !== key);
  }

  private putBack(one: Suggestion): void {
    this.gone.delete(keyOf(one));
    this.skipped.delete(keyOf(one));
    this.items.value = [one, ...(this.items.peek() ?? []).filter((each) => keyOf(each) !== keyOf(one))];
  }

  /** Says what the one that is looked at is; the next one is there at once. */
  judge(word: Exclude<Word, "skip">): void {
    const one = this.current.peek();
    if (!one) return;
    const days = this.days.peek();
    this.take(one, Infinity);
    const { a, b } = one;
    const answer = api.judgeSuggestion({ a: a.customer, b: b.customer, verdict: word, ...(word === "unsure" ? { days } : {}) }).then((said) => {
      this.gone.set(keyOf(one), this.loads);
      return said.decision ?? null;
    });
    const past: Past = { one, word, answer, undo: () => void this.undo(past) };
    this.past.value = [...this.past.peek(), past];
    toast(word === "unsure" ? t("pairs.done.unsure", { ...namesOf(one), count: days }) : t(word === "accept" ? "same.done" : "pairs.done.two", namesOf(one)), { undo: past.undo });
    answer.catch((error: unknown) => this.refused(past, error));
  }

  skip(): void {
    const one = this.current.peek();
    const here = this.items.peek() ?? [];
    if (!one || here.length < 2) return;
    this.skipped.add(keyOf(one));
    this.items.value = [...here.slice(1), one];
    const past: Past = { one, word: "skip", answer: Promise.resolve(null), undo: () => void this.undo(past) };
    this.past.value = [...this.past.peek(), past];
  }

  /** It did not happen: the pair is back, or somebody was faster and there is nothing to decide any more. */
  private refused(past: Past, error: unknown): void {
    if (!(error instanceof ApiError)) throw error;
    this.forget(past);
    this.gone.set(keyOf(past.one), this.loads);
    if (error.status === 404 || error.code === "no_change") {
      toast(t("pairs.gone"), { bad: true });
      this.soon();
      return;
    }
    this.putBack(past.one);
    toast(error.status ? error.message || t("act.refused") : t("pairs.failed"), { bad: true });
  }

  private forget(past: Past): void {
    dismissUndo(past.undo);
    this.past.value = this.past.peek().filter((each) => each !== past);
  }

  /** Takes back what was said of a pair, the last one where none is named. */
  async undo(past: Past | undefined = this.past.peek().at(-1)): Promise<void> {
    if (!past || !this.past.peek().includes(past)) return;
    this.forget(past);
    const { one, word } = past;
    if (word === "skip") return this.putBack(one);
    const back = await past.answer.then((decision) => this.revoke(one, decision), () => false);
    if (!back) return;
    if (one.shelf === this.shelf.peek()) this.putBack(one);
    else this.gone.delete(keyOf(one));
    toast(t("pairs.undone", namesOf(one)));
  }

  private async revoke({ a, b }: Suggestion, decision: Id | null): Promise<boolean> {
    try {
      if (decision) await this.hub.outbox.run({ t: "decide", op: "revoke", decision });
      else await api.judgeSuggestion({ a: a.customer, b: b.customer, verdict: "again" });
      return true;
    } catch (error) {
      toast((error instanceof Error && error.message) || t("act.refused"), { bad: true });
      return false;
    }
  }
}

const desks = new WeakMap<Hub, PairsDesk>();

/** The one desk of this tab: what was said on it can be undone after a look elsewhere. */
export function pairsDesk(hub: Hub): PairsDesk {
  const desk = desks.get(hub) ?? new PairsDesk(hub);
  desks.set(hub, desk);
  return desk;
}
