// Every language says everything that English says: the same keys, the same places, and the plural forms it needs.

import { expect, test } from "vitest";
import en from "./en.json";
import { OFFERED } from "./language";

type Words = Record<string, string>;
const ENGLISH: Words = en;
const KEYS = Object.keys(ENGLISH);
const places = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join(" ");

/** A text that counts: `key.one` and `key.other` of English are as many entries as the language has forms. */
const COUNTING = KEYS.filter((key) => key.endsWith(".other") && key.replace(/other$/, "one") in ENGLISH).map((key) => key.slice(0, -".other".length));
const base = (key: string) => COUNTING.find((one) => key.startsWith(`${one}.`) && /^(zero|one|two|few|many|other)$/.test(key.slice(one.length + 1)));

/** Forms a language needs: those of whole numbers that occur, and "other" for a figure that is written and not counted. */
function forms(language: string): Map<string, number> {
  const rules = new Intl.PluralRules(language);
  const found = new Map([["other", 99]]);
  for (let n = 0; n < 200; n++) found.set(rules.select(n), (found.get(rules.select(n)) ?? 0) + 1);
  return found;
}

function gaps(language: string, words: Words): string[] {
  const needed = forms(language);
  const wanted = KEYS.filter((key) => !base(key)).concat(COUNTING.flatMap((one) => [...needed.keys()].map((form) => `${one}.${form}`)));
  const problems = wanted.filter((key) => !(key in words)).map((key) => `${key}: missing`);
  const spare = new Set(new Intl.PluralRules(language).resolvedOptions().pluralCategories);
  for (const [key, text] of Object.entries(words)) {
    const counted = base(key);
    const form = counted ? key.slice(counted.length + 1) : "";
    if (counted ? !spare.has(form as Intl.LDMLPluralRule) && form !== "other" : !(key in ENGLISH)) problems.push(`${key}: not in en.json`);
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

test.each(OFFERED.filter((language) => language !== "en"))("%s says everything", async (language) => {
  const words = ((await import(`./texts/${language}.json`)) as { default: Words }).default;
  const problems = gaps(language, words);
  expect(problems).toEqual([]);
});

test("what is missing, spare, misplaced or without a form is found", () => {
  const { "file.count.one": _one, "nav.desk": _desk, ...rest } = ENGLISH;
  const words = { ...rest, "file.count.few": "{count} pliki", "wrong.key": "x", "me.self": "you", "find.count.one": "hit" };
  const found = gaps("pl", words);
  expect(found).toContain("nav.desk: missing");
  expect(found).toContain("file.count.one: missing");
  expect(found).toContain("file.count.many: missing");
  expect(found).toContain("wrong.key: not in en.json");
  expect(found).toContain("me.self: expected the places {name}, found (none)");
  expect(found.some((one) => one.startsWith("file.count.few") || one.startsWith("find.count.one"))).toBe(false);
  expect(gaps("fr", words)).toContain("find.count.one: expected the places {count}, found (none)"); // none are "one" there as well
  expect(gaps("en", ENGLISH)).toEqual([]);
});
