// What a text asks the customer for, and whether they have said it already: the same table and the same rule as in the hub
// (hub/conversations/asking.py), held to the same cases, so that a question is marked while it is written and not after.

import type { SheetAnswer, SheetFact, SheetPage } from "../../wire/sheet";
import table from "../../../hub/conversations/asking.json";

const SENTENCE = /(?<=[.!?？。！؟])\s+|(?<=[？。！])|\n+/;
const QUESTION = /[?？؟]/;
const LETTERLESS = /[\u3040-\u30ff\u3400-\u9fff]/;
const LETTER = /[\p{L}\p{N}]/u;
const ALIKE = 0.6;
const kinds = Object.entries(table.kinds as Record<string, string[]>);

export interface Again {
  readonly kind: string;
  readonly fact?: SheetFact;
  readonly answered?: SheetAnswer;
}

export function asks(text: string): string[] {
  const found = new Set<string>();
  for (const sentence of folded(text).split(SENTENCE))
    if (isRequest(sentence)) for (const [kind, words] of kinds) if (words.some((one) => has(sentence, one))) found.add(kind);
  return kinds.map(([kind]) => kind).filter((kind) => found.has(kind));
}

/** What of a text would ask for something that was said. Asking whether it is still so is no asking again. */
export function again(text: string, sheet: SheetPage): Again[] {
  const found = asks(text).flatMap((kind): Again[] => {
    const known = sheet.facts.filter((one) => one.kind === kind);
    return known[0] && !known.some(({ value }) => value && plain(text).includes(plain(value))) ? [{ kind, fact: known[0] }] : [];
  });
  if (found.length || !QUESTION.test(text)) return found;
  const asked = text.split(SENTENCE).filter((one) => QUESTION.test(one)).join(" ");
  const answered = sheet.answers.find((one) => likeness(asked, one.question) >= ALIKE);
  return answered ? [{ kind: "question", answered }] : [];
}

const folded = (text: string): string => text.slice(0, 8_000).normalize("NFC").toLowerCase().replaceAll("’", "'");
const plain = (text: string): string => [...text.toLowerCase()].filter((one) => LETTER.test(one)).join("");

function isRequest(sentence: string): boolean {
  if (!sentence.includes("?") && table.having.some((words) => has(sentence, words))) return false;
  return [...table.asking, ...table.begging].some((words) => has(sentence, words));
}

/** Whether the words stand there as words; scripts that write none between are searched as they are. */
function has(sentence: string, words: string): boolean {
  const whole = LETTERLESS.test(words) || !LETTER.test(words[0]!);
  const ascii = /^[\x00-\x7f]*$/.test(words);
  for (let at = sentence.indexOf(words); at >= 0; at = sentence.indexOf(words, at + 1)) {
    if (whole) return true;
    const [before, after] = [sentence[at - 1] ?? "", sentence[at + words.length] ?? ""];
    if (!LETTER.test(before) && (!LETTER.test(after) || !ascii)) return true;
  }
  return false;
}

/** How much two short texts share: words of four letters and more, cut to six. */
function likeness(a: string, b: string): number {
  const [one, other] = [a, b].map((text) => new Set((text.normalize("NFKC").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
    .filter((word) => !/^\d+$/.test(word) && (word.length >= 4 || !/^[a-z\d]+$/.test(word))).map((word) => word.slice(0, 6)))) as [Set<string>, Set<string>];
  if (!one.size || !other.size) return 0;
  return [...one].filter((word) => other.has(word)).length / Math.max(one.size, other.size);
}
