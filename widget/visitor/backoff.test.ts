// The pause before coming back: bounded, random over its whole length, and obedient to what the hub asked for.

import { expect, test } from "vitest";
import { pause } from "./backoff.ts";

test("the bound doubles from half a second and stops at thirty", () => {
  const bounds = [0, 1, 2, 3, 10, 1000].map((failures) => pause(1006, failures, 1));
  expect(bounds).toEqual([500, 1000, 2000, 4000, 30_000, 30_000]);
});

test("the wait is any share of the bound", () => {
  expect(pause(1006, 4, 0)).toBe(0);
  expect(pause(1006, 4, 0.25)).toBe(2000);
});

test("a hub that asks for room gets it at the first failure", () => {
  expect(pause(1012, 0, 1)).toBe(8000);
  expect(pause(1013, 0, 1)).toBe(8000);
  expect(pause(1013, 9, 1)).toBe(30_000);
});

test("an answer that will not change is not asked for again", () => {
  expect(pause(1008, 0, 0.5)).toBeNull();
  expect(pause(4404, 7, 0.5)).toBeNull();
});
