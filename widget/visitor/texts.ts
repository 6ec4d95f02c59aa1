/**
 * The widget's sentences in the reader's language.
 *
 * English is in the bundle; the others are files of their own, loaded when wanted. A language that cannot be loaded
 * falls back to English: a foreign sentence is better than none.
 */

import en from "./texts/en.json";

export type Texts = typeof en;

/** Sentences of a two-letter language. */
export async function load(language: string): Promise<Texts> {
  try {
    return language === "en" ? en : { ...en, ...(await (await import("./languages.ts")).LANGUAGES[language]?.())?.default };
  } catch {
    return en;
  }
}

/** Puts values into `{name}` places. */
export const fill = (text: string, values: Record<string, string>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
