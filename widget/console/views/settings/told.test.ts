// What the history of changes says of a setting.

import { expect, it } from "vitest";
import { told } from "./told";

it("tells hours, holidays and switches as people say them", () => {
  expect(told({ mon: ["09:00-12:30", "13:30-18:00"], fri: ["22:00-02:00"] })).toBe("Mon 09:00–12:30, 13:30–18:00 · Fri 22:00–02:00");
  expect(told({ "2026-12-24": [] })).toMatch(/^Dec 24, 2026 Closed$|^24 Dec 2026 Closed$/);
  expect(told([{ seconds: 60, pages: "/checkout*" }])).toBe("60 · /checkout*");
  expect(told(true)).toBe("Yes");
  expect(told(["en", "de"])).toBe("en, de");
});

it("tells words as they are, nothing as two quotes, and none as the default", () => {
  expect(told("Hello")).toBe("Hello");
  expect(told("")).toBe("“”");
  expect(told(null)).toBe("default");
  expect(told("x".repeat(400))).toHaveLength(161);
});
