// Every word of the console comes through here: `t("key", {name})`. What is said stands in en.json, and in other languages in
// texts/; what only a part says that is loaded at its first use stands in parts/NAME/ in the same way. Which language is
// read is told by language.ts. That nobody says a part's words without having loaded them is looked after by texts.test.ts.
//
// A text with `count` has one entry per plural form ("key.one", "key.other"; Polish has "key.few" and "key.many" as well),
// chosen by the language's own rules. Whoever reads a text while drawing is drawn again when the language changes.

import type en from "./en.json";
import { ENGLISH, reads, voice, type Voice } from "./language";
import type cases from "./parts/case/en.json";
import type evidence from "./parts/evidence/en.json";
import type offers from "./parts/offers/en.json";
import type mail from "./parts/mail/en.json";
import type pairs from "./parts/pairs/en.json";
import type routing from "./parts/routing/en.json";
import type sheet from "./parts/sheet/en.json";
import type settings from "./parts/settings/en.json";
import type ways from "./parts/ways/en.json";

export type TextKey =
  | keyof typeof en | keyof typeof cases | keyof typeof evidence | keyof typeof pairs | keyof typeof routing | keyof typeof settings | keyof typeof sheet
  | keyof typeof offers | keyof typeof ways | keyof typeof mail;
type Plural<K> = K extends `${infer Base}.other` ? Base : never;
export type AnyKey = TextKey | Plural<TextKey>;

/** The text, with `{name}` replaced by the values given. Missing in a language: English. An unknown key shows itself. */
export function t(key: AnyKey, values: Record<string, string | number> = {}): string {
  const now = voice.value;
  const text = said(now, key, values["count"]) ?? said(ENGLISH, key, values["count"]) ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? now.figures.format(value) : isolated(value);
  });
}

function said({ words, plurals }: Voice, key: string, count: unknown): string | undefined {
  const plural = typeof count === "number" ? words[`${key}.${plurals.select(count)}`] : undefined;
  return plural ?? words[`${key}.other`] ?? words[key];
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

/** A name in another writing direction must not turn the words around it. */
function isolated(value: string): string {
  return RIGHT_TO_LEFT.test(value) || reads(voice.peek().language) === "rtl" ? `\u2068${value}\u2069` : value;
}

/** Whether there is a text of that name: for words that come from the hub as codes. */
export function known(key: string): key is TextKey {
  return key in ENGLISH.words;
}
