/** Where the panel's sentences are, for languages other than English. */

import type en from "./texts/en.json";

type Loaded = Promise<{ default: typeof en }>;

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
