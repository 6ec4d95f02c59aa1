/**
 * The widget's sentences in the reader's language.
 *
 * English is in the bundle; the others are files of their own, loaded when wanted. A language that cannot be loaded
 * falls back to English: a foreign sentence is better than none.
 */

import en from "./texts/en.json";

export type Texts = typeof en;

type Loaded = Promise<{ default: Texts }>;

export const LANGUAGES: Record<string, () => Loaded> = {
  de: () => import("./texts/de.json"),
  fr: () => import("./texts/fr.json"),
  es: () => import("./texts/es.json"),
  pt: () => import("./texts/pt.json"),
  it: () => import("./texts/it.json"),
  nl: () => import("./texts/nl.json"),
  pl: () => import("./texts/pl.json"),
  tr: () => import("./texts/tr.json"),
  ar: () => import("./texts/ar.json"),
  he: () => import("./texts/he.json"),
  ja: () => import("./texts/ja.json"),
  zh: () => import("./texts/zh.json"),
};

/** Sentences of a two-letter language. */
export async function load(language: string): Promise<Texts> {
  try {
    return { ...en, ...(await LANGUAGES[language]?.())?.default };
  } catch {
    return en;
  }
}

/** Puts values into `{name}` places. */
export const fill = (text: string, values: Record<string, string>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
