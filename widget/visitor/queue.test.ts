// The line of those who wait, told in words: who is next, and how long it took others.

import { expect, test } from "vitest";
import { place } from "./queue.ts";
import { fill } from "./texts.ts";
import en from "./texts/more/en.json";

test.each([
  [1, null, "You are next"],
  [3, null, "Before you: 2"],
  [3, 170, "Before you: 2 · usually about 3 minutes"],
  [1, 0, "You are next · usually about 1 minute"],
])("place %s with a usual wait of %s seconds", (position, wait, sentence) =>
  expect(place({ position, wait }, { ...en, locale: "en" }, fill)).toBe(sentence));
