// Rules while they are written: what is compared how, what a new comparison begins with, and the order. Pure.

import type { Condition, Fact, Op, Rule } from "../../../wire/routing";
import { newId } from "../../state/ids";

export type Kind = "words" | "names" | "figure" | "truth";

const KINDS: Record<Fact, Kind> = {
  words: "words", subject: "words", text: "words",
  to: "names", from: "names", connection: "names", channel: "names", site: "names", language: "names", customer_tags: "names",
  conversations: "figure", open_cases: "figure", orders: "figure", total: "figure",
  open: "truth", automatic: "truth", known: "truth", verified: "truth", blocked: "truth",
};
export const FACTS = Object.keys(KINDS) as Fact[];
export const OPS: Record<Kind, readonly Op[]> = { words: ["has", "has all", "has none"], names: ["is", "is not"], figure: ["at least", "at most"], truth: ["is"] };
const FRESH: Record<Kind, Condition["value"]> = { words: [], names: [], figure: 1, truth: true };

export const kindOf = (fact: Fact): Kind => KINDS[fact];

/** Another fact of the same kind keeps how it is compared, and with what. */
export function asking(fact: Fact, before?: Condition): Condition {
  const kind = KINDS[fact];
  if (before && KINDS[before.fact] === kind) return { ...before, fact };
  return { fact, op: OPS[kind][0]!, value: FRESH[kind] };
}

export const fresh = (name: string): Rule => ({ id: newId(), name, when: [asking("words")], then: {}, enabled: false });

/** The rules with one of them a place further up (-1) or down (1). */
export function moved(rules: readonly Rule[], at: number, by: number): Rule[] {
  const to = at + by;
  if (to < 0 || to >= rules.length) return [...rules];
  const after = rules.filter((_, n) => n !== at);
  after.splice(to, 0, rules[at]!);
  return after;
}

/** Lines of a field as values. */
export const linesOf = (text: string): string[] => text.split("\n").map((line) => line.trim()).filter(Boolean);

/** What the hub objects to in one rule: place within the rule → sentence. */
export function wrongIn(wrong: Readonly<Record<string, string>>, at: number): [string, string][] {
  const start = `rules[${at}].`;
  return Object.entries(wrong).filter(([place]) => place.startsWith(start)).map(([place, words]) => [place.slice(start.length), words]);
}
