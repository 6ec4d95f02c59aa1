// Every language says everything that English says: the same keys, the same places, and the plural forms it needs. And no
// view says a part's words (parts/NAME) that could be shown before they have come.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { OFFERED } from "./language";

type Words = Record<string, string>;
const THIS: string = import.meta.url;
const here = (path: string): string => new URL(path, THIS).pathname;
const read = (path: string): string => readFileSync(here(path), "utf8");
const words = (path: string): Words => JSON.parse(read(path));

/** Where a book of words stands: the console's own, loaded first, and one for each part. */
const PARTS = readdirSync(here("parts"));
const BOOKS = ["", ...PARTS.map((part) => `parts/${part}/`)];
const BOOK: Record<string, Words> = Object.fromEntries(BOOKS.map((book) => [book, words(`${book}en.json`)]));
const ENGLISH: Words = Object.assign({}, ...Object.values(BOOK));
const places = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join(" ");

/** A text that counts: `key.one` and `key.other` of English are as many entries as the language has forms. */
const COUNTING = Object.keys(ENGLISH).filter((key) => key.endsWith(".other") && key.replace(/other$/, "one") in ENGLISH).map((key) => key.slice(0, -".other".length));
const base = (key: string) => COUNTING.find((one) => key.startsWith(`${one}.`) && /^(zero|one|two|few|many|other)$/.test(key.slice(one.length + 1)));

/** Forms a language needs: those of whole numbers that occur, and "other" for a figure that is written and not counted. */
function forms(language: string): Map<string, number> {
  const rules = new Intl.PluralRules(language);
  const found = new Map([["other", 99]]);
  for (let n = 0; n < 200; n++) found.set(rules.select(n), (found.get(rules.select(n)) ?? 0) + 1);
  return found;
}

function gaps(language: string, words: Words, english: Words = BOOK[""]!): string[] {
  const needed = forms(language);
  const counting = COUNTING.filter((one) => `${one}.other` in english);
  const wanted = Object.keys(english).filter((key) => !base(key)).concat(counting.flatMap((one) => [...needed.keys()].map((form) => `${one}.${form}`)));
  const problems = wanted.filter((key) => !(key in words)).map((key) => `${key}: missing`);
  const spare = new Set(new Intl.PluralRules(language).resolvedOptions().pluralCategories);
  for (const [key, text] of Object.entries(words)) {
    const counted = base(key);
    const form = counted ? key.slice(counted.length + 1) : "";
    if (counted ? !counting.includes(counted) || (!spare.has(form as Intl.LDMLPluralRule) && form !== "other") : !(key in english)) problems.push(`${key}: not in en.json`);
    else if (!text.trim() || text.trim() !== text) problems.push(`${key}: empty, or space at an end`);
    else problems.push(...misplaced(key, text, counted, needed.get(form) ?? 99));
  }
  return problems;
}

/** A form for one number alone may leave places out ("one file"); elsewhere every place must be there. */
function misplaced(key: string, text: string, counted: string | undefined, numbers: number): string[] {
  const english = places(ENGLISH[counted ? `${counted}.other` : key]!);
  const mine = places(text);
  const fits = mine === english || (counted && numbers === 1 && mine.split(" ").every((place) => english.includes(place)));
  return fits ? [] : [`${key}: expected the places ${english || "(none)"}, found ${mine || "(none)"}`];
}

test.each(OFFERED.filter((language) => language !== "en"))("%s says everything", (language) => {
  const problems = BOOKS.flatMap((book) => gaps(language, words(`${book}texts/${language}.json`), BOOK[book]!).map((one) => book + one));
  expect(problems).toEqual([]);
});

test("a text stands in one book", () => {
  const all = BOOKS.flatMap((book) => Object.keys(BOOK[book]!));
  expect(all.filter((key, at) => all.indexOf(key) !== at)).toEqual([]);
});

test("what is missing, spare, misplaced or without a form is found", () => {
  const { "file.count.one": _one, "nav.desk": _desk, ...rest } = BOOK[""]!;
  const words: Words = { ...rest, "file.count.few": "{count} pliki", "wrong.key": "x", "me.self": "you", "find.count.one": "hit" };
  const found = gaps("pl", words);
  expect(found).toContain("nav.desk: missing");
  expect(found).toContain("file.count.one: missing");
  expect(found).toContain("file.count.many: missing");
  expect(found).toContain("wrong.key: not in en.json");
  expect(found).toContain("me.self: expected the places {name}, found (none)");
  expect(found.some((one) => one.startsWith("file.count.few") || one.startsWith("find.count.one"))).toBe(false);
  expect(gaps("fr", words)).toContain("find.count.one: expected the places {count}, found (none)"); // none are "one" there as well
  expect(gaps("en", BOOK[""]!)).toEqual([]);
});

// --- Who says what -------------------------------------------------------------------------------------------------------

const found = (path: string) => ["", ".ts", ".tsx"].map((end) => path + end).find((one) => /\.tsx?$/.test(one) && existsSync(here(one)));
const beside = (file: string, spec: string) => found(new URL(spec, `file:///${file}`).pathname.slice(1));
const present = (file: string | undefined): file is string => file !== undefined;

/** The modules a file cannot do without, and those it loads when they are asked for. Types are imported by nobody. */
function imports(file: string): { needs: string[]; later: string[] } {
  const text = read(file);
  const needs = [...text.matchAll(/^(?:import|export)\s(?!type\b)(?:[^;"]*?\sfrom\s+)?"(\.[^"]+)"/gm)].map((one) => beside(file, one[1]!)).filter(present);
  return { needs, later: [...text.matchAll(/\bimport\("(\.[^"]+)"\)/g)].map((one) => beside(file, one[1]!)).filter(present) };
}

/** What stands in the browser once `root` has come, and the roots it may ask for. */
function loaded(root: string): { files: Set<string>; later: Set<string> } {
  const [files, later, due] = [new Set<string>(), new Set<string>(), [root]];
  for (let file = due.pop(); file; file = due.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    const told = imports(file);
    due.push(...told.needs);
    for (const one of told.later) later.add(one);
  }
  return { files, later };
}

/** Of each part its keys, with what a view would call them. */
const CALLED = new Map(PARTS.map((part) => [part, Object.keys(BOOK[`parts/${part}/`]!).map((key) => [key, base(key) ?? key] as const)]));

/** Parts' words that a file says by name, or by a template that begins like one. */
function says(text: string, part: string): string[] {
  const named = new Set([...text.matchAll(/"([a-z][\w.]*)"/g)].map((one) => one[1]!));
  const starts = [...text.matchAll(/`([a-z][a-z.]*\.)\$\{/g)].map((one) => one[1]!);
  return CALLED.get(part)!.filter(([key, called]) => named.has(key) || named.has(called) || starts.some((start) => key.startsWith(start))).map(([key]) => key);
}

/** Files that say a part's words and can be on the screen without them. */
function speechless(file: (path: string) => string = read): string[] {
  const problems = new Set<string>();
  const roots = new Set(["main.tsx"]);
  for (const root of roots) {
    const { files, later } = loaded(root);
    for (const one of later) roots.add(one);
    for (const part of PARTS.filter((one) => !files.has(`parts/${one}/words.ts`)))
      for (const one of files) for (const key of says(file(one), part)) problems.add(`${one}, loaded with ${root}: ${key} is said by parts/${part} only`);
  }
  return [...problems];
}

test("a part's words are said by nobody who can be there before them", () => {
  expect(speechless()).toEqual([]);
});

test("a view of the first load that says a part's words is found", () => {
  const wrong = speechless((path) => (path === "views/shell.tsx" ? 't("pairs.lead") t("pairs.one.count", { count: 2 })' : read(path)));
  expect(wrong).toContain("views/shell.tsx, loaded with main.tsx: pairs.lead is said by parts/pairs only");
  expect(wrong.some((one) => one.includes("pairs.one.count.other"))).toBe(true);
});
