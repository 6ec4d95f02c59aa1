/**
 * The sentences of the parts that are loaded at first use, in the reader's language. As in texts.ts, but in files of
 * their own: opening the chat must not pay for the words of a form that is not shown.
 */

import en from "./texts/more/en.json";

/** `locale` is the reader's own where it fits: dates of en-GB are not those of en-US. */
export type Words = typeof en & { locale: string };

type Loaded = Promise<{ default: typeof en }>;

export const MORE: Record<string, () => Loaded> = {
  de: () => import("./texts/more/de.json"),
  fr: () => import("./texts/more/fr.json"),
  es: () => import("./texts/more/es.json"),
  pt: () => import("./texts/more/pt.json"),
  it: () => import("./texts/more/it.json"),
  nl: () => import("./texts/more/nl.json"),
  pl: () => import("./texts/more/pl.json"),
  tr: () => import("./texts/more/tr.json"),
  ar: () => import("./texts/more/ar.json"),
  he: () => import("./texts/more/he.json"),
  ja: () => import("./texts/more/ja.json"),
  zh: () => import("./texts/more/zh.json"),
};

/** Sentences of a two-letter language; English where they cannot be had. */
export async function load(language: string): Promise<Words> {
  const own = navigator.language ?? "";
  const locale = own.startsWith(language) ? own : language;
  try {
    return { ...en, ...(await MORE[language]?.())?.default, locale };
  } catch {
    return { ...en, locale };
  }
}
