// The reader's language and zone: chosen by the operator, or the browser's and the computer's own.
//
// English is in the bundle; every other language is a file in texts/, loaded when somebody reads it. A file that is there is
// offered, so adding a language is adding its file. Until one has come, and where a sentence is missing, English stands in.

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import en from "./en.json";
import { recall, remember } from "./state/storage";

export type Words = Readonly<Record<string, string>>;

export interface Voice {
  /** Two letters, as the file is called. */
  readonly language: string;
  /** The same with the reader's region where the browser knows it: en-GB writes other dates than en-US. */
  readonly locale: string;
  readonly words: Words;
  readonly plurals: Intl.PluralRules;
  readonly figures: Intl.NumberFormat;
}

/** What a menu may offer, in the order of the alphabet. */
export const OFFERED: readonly string[] = ["en", ...__LANGUAGES__].sort();
const RIGHT_TO_LEFT = new Set(["ar", "he", "fa", "ur"]);

export const ENGLISH = voiceOf("en", en);
export const voice = signal<Voice>(ENGLISH);

/** This computer's zone, and the one that times are told in. Both are IANA names. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
export const zone = signal(ownZone());

/** A formatter for the reader's locale and zone, renewed when either changes; cheap to ask again and again. */
export function written<F>(make: (locale: string, zone: string) => F): ReadonlySignal<F> {
  return computed(() => make(voice.value.locale, zone.value));
}

/** What the browser asks for first among what there is; English where there is nothing of that. */
export function browsersLanguage(tags: readonly string[] = navigator.languages ?? [navigator.language]): string {
  return tags.map(two).find((language) => OFFERED.includes(language)) ?? "en";
}

let wanted = "";

/** Speaks the chosen language from now on ("": the browser's). Never fails: a language that does not load leaves English. */
export async function speak(choice: string): Promise<void> {
  const language = OFFERED.includes(choice) ? choice : browsersLanguage();
  wanted = language;
  if (language === voice.peek().language) return dress(); // nothing is drawn anew for the same words
  const words = await load(language);
  if (wanted !== language) return;
  voice.value = voiceOf(words ? language : "en", words ?? en);
  dress();
}

/** Tells times in this zone from now on ("", or one this browser does not know: the computer's). */
export function tellTimesIn(choice: string): void {
  zone.value = choice && isZone(choice) ? choice : ownZone();
}

/** What the operator chose, for the time before we know who it is: the door speaks their language too. */
export function rememberOwn(language: string, zoneName: string): void {
  remember("own", { language, zone: zoneName });
  tellTimesIn(zoneName);
}

export async function speakAsBefore(): Promise<void> {
  const own = recall<{ language: string; zone: string }>("own");
  tellTimesIn(own?.zone ?? "");
  await speak(own?.language ?? "");
}

/** A language's name in itself: whoever looks for theirs may read no other. */
export function ownName(language: string): string {
  const name = new Intl.DisplayNames(language, { type: "language" }).of(language) ?? language;
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}

export const reads = (language: string): "rtl" | "ltr" => (RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr");

async function load(language: string): Promise<Words | null> {
  if (language === "en") return en;
  try {
    return ((await import(`./texts/${language}.json`)) as { default: Words }).default;
  } catch {
    return null; // no line, or a file of a build that is gone: the next page has it
  }
}

function dress(): void {
  document.documentElement.lang = voice.value.language;
  document.documentElement.dir = reads(voice.value.language);
}

/** Arabic is written with the digits of our counters ("0:41"), so that one screen has one kind. */
function voiceOf(language: string, words: Words): Voice {
  const own = (navigator.languages ?? []).find((tag) => two(tag) === language) ?? language;
  const locale = new Intl.Locale(own, { numberingSystem: "latn" }).toString();
  return { language, locale, words, plurals: new Intl.PluralRules(locale), figures: new Intl.NumberFormat(locale) };
}

function two(tag: string): string {
  return tag.toLowerCase().split("-")[0]!;
}

function isZone(name: string): boolean {
  try {
    return !!new Intl.DateTimeFormat("en", { timeZone: name });
  } catch {
    return false;
  }
}
