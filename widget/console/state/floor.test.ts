// The floor: who stands where, and in which order.

import { describe, expect, it } from "vitest";
import type { VisitorRow } from "../../wire/console";
import { visitor } from "../testing/people";
import { BY_NEED, firstDown, localMinutes, narrowed, needsSomebody, onPage, shelves, sorted, sought, spoken } from "./floor";

const NOW = 1_000_000;
const plain = { lingering: null, invitation: "", conversation: null, cart_value: 0, name: "", source: "", campaign: "", referrer: "" } as const;
const one = (n: number, more: Partial<VisitorRow> = {}) => visitor(n, { ...plain, cart_count: 0, arrived: n, ...more });
const order = (rows: VisitorRow[]) => rows.map((row) => Number.parseInt(row.id, 16) - 300);

describe("the order of the floor", () => {
  it("puts who lingers first, the longest before the others, then who came last", () => {
    const rows = [one(1), one(2, { lingering: 900 }), one(3), one(4, { lingering: 500 })];
    expect(order(sorted(rows, BY_NEED, NOW))).toEqual([4, 2, 3, 1]);
  });

  it("does not put somebody first who is being helped", () => {
    const rows = [one(1, { lingering: 10, conversation: "c" }), one(2), one(3, { lingering: 20 })];
    expect(order(sorted(rows, BY_NEED, NOW))).toEqual([3, 2, 1]);
  });

  it("keeps who was invited near the top, and leaves who declined in peace", () => {
    const rows = [one(1, { lingering: 10, invitation: "declined" }), one(2), one(3, { lingering: 20, invitation: "shown" }), one(4, { lingering: 30 })];
    expect(order(sorted(rows, BY_NEED, NOW))).toEqual([4, 3, 2, 1]);
    expect(rows.map(needsSomebody)).toEqual([false, false, false, true]);
  });

  it("sorts by seconds that go on only for who is attentive", () => {
    const rows = [one(1, { active_before: 50, attentive: false, since: 0 }), one(2, { active_before: 0, attentive: true, since: NOW - 60_000 })];
    expect(onPage(rows[0]!, NOW)).toBe(50);
    expect(onPage(rows[1]!, NOW)).toBe(60);
    expect(order(sorted(rows, { by: "seconds", down: true }, NOW))).toEqual([2, 1]);
  });

  it("puts strangers behind names, and empty words last", () => {
    const rows = [one(1), one(2, { name: "Zoë" }), one(3, { name: "Ana" })];
    expect(order(sorted(rows, { by: "who", down: false }, NOW))).toEqual([3, 2, 1]);
    const helped = [one(1), one(2, { operator_name: "Mara", conversation: "c" })];
    expect(order(sorted(helped, { by: "helped", down: false }, NOW))).toEqual([2, 1]);
  });

  it("is the same however the rows came in, in every column", () => {
    const rows = Array.from({ length: 60 }, (_, n) => visitor(n));
    for (const by of ["who", "page", "seconds", "scroll", "pages", "visits", "from", "language", "cart", "arrived", "site", "helped"] as const) {
      const way = { by, down: firstDown(by) };
      expect(order(sorted([...rows].reverse(), way, NOW)), by).toEqual(order(sorted(rows, way, NOW)));
    }
  });
});

describe("finding a visitor", () => {
  it("wants every word, in whatever part of the row", () => {
    const rows = [one(1, { name: "Ana Ruiz", title: "Checkout" }), one(2, { name: "Ana Lind", title: "Blue vase" }), one(3, { source: "newsletter", campaign: "Autumn", title: "Home", url: "https://s.example/" })];
    expect(order(sought(rows, "ana CHECK"))).toEqual([1]);
    expect(order(sought(rows, "autumn"))).toEqual([3]);
    expect(sought(rows, "  ")).toHaveLength(3);
  });
});

describe("shelves", () => {
  it("hold everybody on a page, whatever its query, and stand in front when somebody lingers there", () => {
    const at = (path: string) => ({ url: `https://s.example${path}`, title: path.slice(1, 5) });
    const rows = [one(1, at("/home?a=1")), one(2, at("/home#x")), one(3, at("/home")), one(4, { ...at("/cart"), lingering: 5 })];
    const found = shelves(rows);
    expect(found.map((shelf) => [shelf.key, shelf.rows.length, shelf.needs])).toEqual([["https://s.example/cart", 1, 1], ["https://s.example/home", 3, 0]]);
  });
});

describe("the floor narrowed", () => {
  const rows = [
    one(1, { lingering: 900, language: "fr-CA", device: "phone", site: "a", visits: 1 }),
    one(2, { cart_count: 2, cart_value: 10, language: "fr", device: "desktop", site: "b", visits: 4 }),
    one(3, { conversation: "c", language: "de", device: "desktop", site: "a", visits: 1, customer: "watched" }),
  ];
  const left = (by: Parameters<typeof narrowed>[1]) => order([...narrowed(rows, by, new Set(["watched"]))]);

  it("lets everybody pass who is not spoken of", () => expect(left({})).toEqual([1, 2, 3]));
  it.each([
    [{ lingering: true }, [1]],
    [{ cart: true }, [2]],
    [{ returning: true }, [2]],
    [{ watched: true }, [3]],
    [{ helped: "yes" }, [3]],
    [{ helped: "no" }, [1, 2]],
    [{ language: "fr" }, [1, 2]],
    [{ site: "a", device: "desktop" }, [3]],
  ] as const)("%j", (by, expected) => expect(left(by)).toEqual(expected));
});

describe("sections", () => {
  const at = (n: number, url: string) => one(n, { url });
  it("are the first part of the path, named by its words", () => {
    const found = shelves([at(1, "https://s.example/garden-chairs/7?x=1"), at(2, "https://s.example/garden-chairs"), at(3, "https://s.example/")], "section");
    expect(found.map(({ title, rows }) => [title, rows.length])).toEqual([["Garden chairs", 2], ["", 1]]);
  });
  it("are spoken as people would", () => {
    expect(spoken("https://s.example/f%C3%BCr-sie.html")).toBe("Für sie");
    expect(spoken("https://s.example/100%")).toBe("100%");
  });
});

it("knows what time it is where they are", () => {
  const noon = Date.UTC(2026, 0, 5, 12);
  expect(localMinutes("Asia/Tokyo", noon)).toBe(21 * 60);
  expect(localMinutes("", noon)).toBeNull();
  expect(localMinutes("Mars/Olympus", noon)).toBeNull();
});
