// Attention: what counts as looked at, and what does not.

import { expect, test } from "vitest";
import { attention, IDLE } from "./attention.ts";

test("a page that is looked at and used counts every second", () => {
  const page = attention(0, true);
  for (let at = 0; at <= 120_000; at += 5_000) page.input(at);
  expect(page.seconds(120_000)).toBe(120);
});

test("a page left alone counts until the visitor must have stopped reading", () => {
  const page = attention(0, true);
  page.input(10_000);
  expect(page.seconds(600_000)).toBe((10_000 + IDLE) / 1000);
});

test("coming back after a pause does not count the pause", () => {
  const page = attention(0, true);
  page.input(100_000);
  expect(page.seconds(105_000)).toBe(IDLE / 1000 + 5);
});

test("a hidden page counts nothing", () => {
  const page = attention(0, true);
  page.visible(4_000, false);
  page.input(6_000);
  page.visible(60_000, true);
  expect(page.seconds(63_000)).toBe(7);
});

test("a page opened in the background counts from its first sight", () => {
  const page = attention(0, false);
  expect(page.seconds(50_000)).toBe(0);
  page.visible(50_000, true);
  expect(page.seconds(52_500)).toBe(2.5);
});

test("asking often changes nothing", () => {
  const page = attention(0, true);
  for (let at = 0; at < 20_000; at += 137) page.seconds(at);
  expect(page.seconds(20_000)).toBe(20);
});

test("another page within the document begins with nothing", () => {
  const page = attention(0, true);
  page.restart(8_000);
  expect(page.seconds(11_000)).toBe(3);
});
