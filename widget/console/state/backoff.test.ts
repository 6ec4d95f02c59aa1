// The pause before a tab comes back: full jitter over the whole bound, wider where the hub asked for room.

import { expect, it } from "vitest";
import { pause as ofPages } from "../../visitor/backoff";
import { pause } from "./backoff";

/** mulberry32: the same numbers in every run. */
function seeded(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How far the share of pauses below x is from x itself, at worst (Kolmogorov and Smirnov). */
function unevenness(pauses: number[], bound: number): number {
  const sorted = pauses.map((one) => one / bound).sort((a, b) => a - b);
  return Math.max(...sorted.map((share, n) => Math.abs(share - n / sorted.length)));
}

const MANY = 5_000;
const cases: [string, number, (random: () => number) => number][] = [
  ["a tab whose hub restarts", 2_000, (random) => pause(0, random, 1012)],
  ["a tab whose hub is busy", 8_000, (random) => pause(0, random, 1013)],
  ["a tab after many failures", 30_000, (random) => pause(9, random, 1006)],
  ["a page whose hub restarts", 8_000, (random) => ofPages(1012, 0, random())!],
  ["a page whose hub is busy", 8_000, (random) => ofPages(1013, 0, random())!],
  ["a page after many failures", 30_000, (random) => ofPages(1006, 9, random())!],
];

it.each(cases)("%s comes back at any moment of the bound, no moment before another", (_, bound, wait) => {
  const random = seeded(7);
  const pauses = Array.from({ length: MANY }, () => wait(random));
  expect(Math.max(...pauses)).toBeLessThanOrEqual(bound);
  // 1.63 / sqrt(n): such unevenness comes by chance once in a hundred times.
  expect(unevenness(pauses, bound)).toBeLessThan(1.63 / Math.sqrt(MANY));
});

it("the first pause after a line that broke is half a second at most", () => {
  expect(pause(0, () => 1)).toBe(500);
  expect(pause(3, () => 1, 1012)).toBe(4_000);
});
