// The reader's language and zone: chosen by the operator, or the browser's and the computer's own.
//
// English is in the bundle; every other language is a file in texts/, loaded when somebody reads it. A file that is there is
// offered, so adding a language is adding its file. Until one has come, and where a sentence is missing, English stands in.
//
// What only a part of the console says (parts/NAME: a view that is loaded at its first use) comes with that part. Its
// words.ts, imported by whatever of the part says something, adds the part's English at once and its language soon after;
// `later` and `onDemand` wait for `wordsAreHere` before they show the view. Nothing is drawn anew by it: nothing of the part
// is on the screen yet.

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

/** The words of a part of the console: English, and how another language of it is loaded. */
export interface Part {
  readonly en: Words;
  load(language: string): Promise<{ default: Words }>;
}

const english: Record<string, string> = { ...en };
const parts: Part[] = [];
const books: Record<string, Record<string, string>> = {};
let coming: Promise<unknown> = Promise.resolve();

export const ENGLISH = voiceOf("en", english);
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

let wanted = "en";

/** Speaks the chosen language from now on ("": the browser's). Never fails: a language that does not load leaves English. */
export async function speak(choice: string): Promise<void> {
  const language = OFFERED.includes(choice) ? choice : browsersLanguage();
  wanted = language;
  if (language === voice.peek().language) return dress(); // nothing is drawn anew for the same words
  const words = await load(language);
  if (wanted !== language) return;
  voice.value = voiceOf(words ? language : "en", words ?? english);
  dress();
}

/** A part has come: its words count from now on, in whatever language is read or will be. */
export function addWords(part: Part): void {
  parts.push(part);
  Object.assign(english, part.en);
  coming = Promise.all([coming, learn(part)]);
}

/** When everything is said in the reader's language that the parts loaded so far say. Never fails. */
export const wordsAreHere = (): Promise<unknown> => coming;

async function learn(part: Part): Promise<void> {
  const language = wanted;
  if (language !== "en") Object.assign(bookOf(language), await ofPart(part, language));
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
  if (language === "en") return english;
  try {
    const [file, ...more] = await Promise.all([import(`./texts/${language}.json`) as Promise<{ default: Words }>, ...parts.map((part) => ofPart(part, language))]);
    return Object.assign(bookOf(language), file.default, ...more) as Words;
  } catch {
    return null; // no line, or a file of a build that is gone: the next page has it
  }
}

/** All that is known of a language. A part that comes while its file is still under way writes into the same one. */
function bookOf(language: string): Record<string, string> {
  return (books[language] ??= {});
}

async function ofPart(part: Part, language: string): Promise<Words> {
  try {
    return (await part.load(language)).default;
  } catch {
    return {};
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
