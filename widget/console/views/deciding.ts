// Decisions in words, for every list that shows them.

import type { DecisionRow } from "../../wire/console";
import { written } from "../language";
import { type AnyKey, known, t } from "../text";

const joined = written((locale) => new Intl.ListFormat(locale, { type: "conjunction" }));

/** "A, B and C", as the reader's language says it. */
export const listed = (words: readonly string[]): string => joined.value.format(words);

/** A decision as its line in a history: "Ann said: same person: Ana Ruiz, Ana R." */
export function decisionWords(one: DecisionRow): string {
  const key = `decision.${one.op}`;
  const names = (one.names ?? []).map((name) => name || t("visitor"));
  if (one.op === "pin") return t("decision.pin", { value: one.b ?? "" });
  if (one.op === "detach") return t("decision.detach", { identifier: names[1] ?? "" });
  if (one.op === "block" || one.op === "unblock") return t(`decision.${one.op}`, { identifier: names[0] ?? "" });
  return known(key) ? t(key as AnyKey) : one.op;
}

/** Whom a decision is about, where its words do not say so already. */
export function aboutWords(one: DecisionRow): string {
  const names = (one.names ?? []).map((name) => name || t("visitor"));
  if (one.op === "same" || one.op === "never") return listed([...new Set(names)]);
  return one.op === "pin" || one.op === "detach" || one.op === "retract" ? (names[0] ?? "") : "";
}
