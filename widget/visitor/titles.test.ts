// The tab's title: a number while something is unread, and the shop's own words after.

import { expect, test } from "vitest";
import { titleBadge } from "./titles.ts";

test("the number comes and goes, and the title is as before", () => {
  const page = { title: "Blue vase" };
  const badge = titleBadge(page);
  badge.show(2);
  expect(page.title).toBe("(2) Blue vase");
  badge.show(3);
  expect(page.title).toBe("(3) Blue vase");
  expect(badge.plain()).toBe("Blue vase");
  badge.show(0);
  expect(page.title).toBe("Blue vase");
});

test("a title that the page changed meanwhile is the page's", () => {
  const page = { title: "Blue vase" };
  const badge = titleBadge(page);
  badge.show(1);
  page.title = "Red vase";
  expect(badge.plain()).toBe("Red vase");
  badge.show(1);
  expect(page.title).toBe("(1) Red vase");
  badge.show(0);
  expect(page.title).toBe("Red vase");
});

test("a page's own number in brackets is left alone", () => {
  const page = { title: "(4) Cart" };
  const badge = titleBadge(page);
  badge.show(0);
  expect(page.title).toBe("(4) Cart");
  badge.show(1);
  badge.show(0);
  expect(page.title).toBe("(4) Cart");
});
