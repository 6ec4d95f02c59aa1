// Canned replies: those of everybody and my own, which of them fit what was typed, and what their open places become.
//
// A place is filled when the reply is put into the message; what is not known then and has no words of its own stays as
// it is, is marked, and keeps the message from being sent (the hub would refuse it, too).

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { CannedReply, ConversationRow, Id, Variable, VisitorRow } from "../../wire/console";
import { recall, remember } from "./storage";
import { itemsOf, type Topic } from "./topics";

export interface Known {
  readonly row: Pick<ConversationRow, "name" | "site">;
  readonly visitor: Pick<VisitorRow, "title" | "url"> | null;
  readonly operator: string;
  readonly siteNames: Readonly<Record<string, string>>;
}

/** Names that are an address or a number are no names to call somebody by. */
const called = (name: string): string => (/[@\d]/.test(name) ? "" : name.trim());
const TITLES = /^(\p{L}{1,4}\.|mr|mrs|ms|herr|frau|señora?|mme)$/iu;

function firstName(name: string): string {
  const words = called(name).split(/\s+/);
  return words.find((word) => !TITLES.test(word)) ?? "";
}

const VALUES: Record<Variable, (known: Known) => string> = {
  "customer.name": ({ row }) => called(row.name),
  "customer.first_name": ({ row }) => firstName(row.name),
  "operator.name": ({ operator }) => operator,
  "page.title": ({ visitor }) => visitor?.title.trim() ?? "",
  "page.url": ({ visitor }) => visitor?.url ?? "",
  "site.name": ({ row, siteNames }) => siteNames[row.site] || "",
};
export const VARIABLES = Object.keys(VALUES) as Variable[];

const names = VARIABLES.map((name) => name.replace(".", "\\.")).join("|");
const place = () => new RegExp(`\\{\\{\\s*(${names})\\s*(?:\\|([^{}]*))?\\}\\}`, "g");

/** The text with its open places filled; what is not known becomes its own words, or stays. */
export function filled(text: string, known: Known): string {
  return text.replace(place(), (whole, name: Variable, otherwise: string | undefined) => VALUES[name](known) || (otherwise?.trim() ?? whole));
}

export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly name: Variable;
}

/** Places that are open still. */
export function gaps(text: string): Gap[] {
  return [...text.matchAll(place())].map((found) => ({ from: found.index, to: found.index + found[0].length, name: found[1] as Variable }));
}

/** What is being looked for: the word with a slash before it that ends at the caret. */
export function asked(text: string, caret: number): { from: number; words: string } | null {
  const found = /(?:^|\s)\/([^\s/]{0,40})$/u.exec(text.slice(0, caret));
  return found ? { from: caret - found[1]!.length - 1, words: found[1]! } : null;
}

export const plain = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

/** How well `words` fits: whole beginnings before middles before scattered letters; 0 is not at all. */
export function fit(words: string, text: string): number {
  if (text.startsWith(words)) return 4 - (text.length === words.length ? 0 : 0.5);
  const at = text.indexOf(words);
  if (at > 0) return /[\s_.-]/.test(text[at - 1]!) ? 3 : 2;
  let from = -1;
  for (const letter of words) if ((from = text.indexOf(letter, from + 1)) < 0) return 0;
  return 1;
}

/** Scattered letters mean something in a shortcut, and next to nothing in a long text. */
function score(words: string, reply: CannedReply): number {
  const [shortcut, title, text] = [reply.shortcut, reply.title, reply.text].map(plain) as [string, string, string];
  return Math.max(fit(words, shortcut) * 10, fit(words, title) * 6, text.includes(words) ? 3 : 0);
}

export class Canned {
  private readonly key: string;
  /** Ids, the latest used first. */
  private readonly recent = signal<readonly Id[]>([]);

  constructor(
    operator: Id,
    private readonly shared: ReadonlySignal<Topic | null>,
    private readonly own: ReadonlySignal<Topic | null>,
  ) {
    this.key = `canned.${operator}`;
    this.recent.value = recall<Id[]>(this.key) ?? [];
  }

  /** All I may use, by shortcut; of two with one shortcut mine first. */
  readonly all = computed<CannedReply[]>(() =>
    [...itemsOf(this.own.value, "canned"), ...itemsOf(this.shared.value, "canned")].sort((a, b) => a.shortcut.localeCompare(b.shortcut)),
  );
  readonly loaded = computed(() => this.own.value !== null && this.shared.value !== null);

  /** Those that fit, best first; of equals the latest used. `queue`: of this conversation, or null for all. */
  find(typed: string, queue: Id | null = null): CannedReply[] {
    const words = plain(typed.trim());
    const used = new Map(this.recent.value.map((id, at) => [id, at]));
    const age = (one: CannedReply) => used.get(one.id) ?? Infinity;
    return this.all.value
      .filter((one) => queue === null || one.queue == null || one.queue === queue)
      .map((one) => ({ one, score: words ? score(words, one) : 1 }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score || (age(a.one) === age(b.one) ? 0 : age(a.one) - age(b.one)))
      .map(({ one }) => one);
  }

  used(id: Id): void {
    this.recent.value = [id, ...this.recent.peek().filter((one) => one !== id)].slice(0, 50);
    remember(this.key, this.recent.value);
  }
}
