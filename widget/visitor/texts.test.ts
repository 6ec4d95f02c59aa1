// Texts: every language says everything.

import { expect, test } from "vitest";
import { LANGUAGES } from "./languages.ts";
import { fill, load } from "./texts.ts";
import { load as words, MORE } from "./sentences.ts";
import en from "./texts/en.json";
import more from "./texts/more/en.json";
import { CHAT, KNOWN, RIGHT_TO_LEFT } from "./texts/languages.ts";

const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

test("the tracker knows the languages that the panel has", () => {
  expect(KNOWN.split(" ").sort()).toEqual(["en", ...Object.keys(LANGUAGES)].sort());
  for (const tag of [...Object.keys(CHAT), ...RIGHT_TO_LEFT.split(" ")]) expect(KNOWN.split(" ")).toContain(tag);
});

test.each(Object.keys(LANGUAGES))("%s says everything that English says, with the same places", async (language) => {
  const texts: Record<string, string> = (await LANGUAGES[language]!()).default;
  expect(Object.keys(texts).sort()).toEqual(Object.keys(en).sort());
  for (const [key, text] of Object.entries(en)) {
    expect(texts[key]!.trim(), key).toBe(texts[key]);
    expect(texts[key], key).not.toBe("");
    expect(places(texts[key]!), key).toEqual(places(text));
  }
});

test.each(Object.keys(MORE))("%s has the sentences of all parts, with the same places", async (language) => {
  const words: Record<string, string> = (await MORE[language]!()).default;
  expect(Object.keys(words)).toEqual(Object.keys(more));
  for (const [key, text] of Object.entries(more)) {
    expect(words[key]!.trim(), key).toBe(words[key]);
    expect(words[key], key).not.toBe("");
    expect(places(words[key]!), key).toEqual(places(text));
  }
});

test("the parts speak the panel's languages", async () => {
  expect(Object.keys(MORE)).toEqual(Object.keys(LANGUAGES));
  expect(await words("xx")).toMatchObject(more);
});

test("a language nobody wrote is answered in English", async () => {
  expect(await load("xx")).toEqual(en);
  expect(await load("toString")).toEqual(en);
});

test("places are filled, unknown ones left", () => {
  expect(fill("{name} is {mood}", { name: "Ana $&" })).toBe("Ana $& is {mood}");
});
