// Pages that change without a reload are noticed, and the host page is left as it was.

import { expect, test, vi } from "vitest";
import { pages, place } from "./navigation.ts";

test.each([
  ["https://shop.example/a", "https://shop.example/a#reviews", true],
  ["https://shop.example/a", "https://shop.example/b", false],
  ["https://shop.example/#/a", "https://shop.example/#/b", false],
  ["https://shop.example/#!a", "https://shop.example/#!b", false],
  ["https://shop.example/a?p=1", "https://shop.example/a?p=2", false],
])("%s and %s", (one, other, same) => expect(place(one) === place(other)).toBe(same));

test("a page shown without leaving the document is noticed once its title had time to follow, and knows where it came from", () => {
  vi.useFakeTimers();
  history.replaceState({}, "", "/a");
  const moved = vi.fn();
  const page = pages(() => document.title, moved);
  history.pushState({}, "", "/b");
  vi.advanceTimersByTime(1_000);
  document.title = "B";
  vi.advanceTimersByTime(300);
  expect(moved).toHaveBeenCalledTimes(1);
  expect(page()).toMatchObject({ title: "B", url: expect.stringMatching(/\/b$/), referrer: expect.stringMatching(/\/a$/) });
  vi.useRealTimers();
});

test("a page's address and title are cut to what the hub takes", () => {
  history.replaceState({}, "", `/?${"x".repeat(3_000)}`);
  const page = pages(() => `${"x".repeat(299)}😀`, () => {})();
  expect([page.url.length, page.title]).toEqual([2_048, "x".repeat(299)]);
});
