// Every word of the console comes through here: `t("key", {name})`. More languages are more files like en.json.
//
// A text with `count` has one entry per plural form ("key.one", "key.other"), chosen by the language's own rules.

import en from "./en.json";

export type TextKey = keyof typeof en;
type Plural<K> = K extends `${infer Base}.other` ? Base : never;
export type AnyKey = TextKey | Plural<TextKey>;

const language = "en";
const texts: Record<string, string> = en;
const plurals = new Intl.PluralRules(language);
const figures = new Intl.NumberFormat(language);

/** The text, with `{name}` replaced by the values given. An unknown key shows itself. */
export function t(key: AnyKey, values: Record<string, string | number> = {}): string {
  const count = values["count"];
  const plural = typeof count === "number" ? texts[`${key}.${plurals.select(count)}`] : undefined;
  const text = plural ?? texts[`${key}.other`] ?? texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? figures.format(value) : isolated(value);
  });
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

/** A name in another writing direction must not turn the words around it. */
function isolated(value: string): string {
  return RIGHT_TO_LEFT.test(value) ? `\u2068${value}\u2069` : value;
}

/** Whether there is a text of that name: for words that come from the hub as codes. */
export function known(key: string): key is TextKey {
  return key in texts;
}
