// Whom one watches: what is told of them, and what is not.

import { describe, expect, it } from "vitest";
import type { VisitorRow } from "../../wire/console";
import { id, visitor } from "../testing/people";
import { Sightings } from "./watched";

const ANA = id(901);
const MINUTE = 60_000;
const ana = (more: Partial<VisitorRow> = {}) => visitor(1, { customer: ANA, cart_count: 0, cart_value: 0, ...more });
const ben = visitor(2, { customer: id(902) });
const watching = new Set([ANA]);
const told = (found: ReturnType<Sightings["next"]>) => found.map(({ what }) => what);

describe("somebody watched", () => {
  it("is told when they come back, once, and nobody else is", () => {
    const seen = new Sightings();
    expect(told(seen.next([], watching, 0))).toEqual([]);
    expect(told(seen.next([ana(), ben], watching, 1))).toEqual(["back"]);
    expect(told(seen.next([ana(), ben], watching, 2))).toEqual([]);
  });

  it("is seen and not heard when they were here before this tab, or before they were watched", () => {
    const seen = new Sightings();
    expect(told(seen.next([ana()], watching, 0))).toEqual([]);
    const later = new Sightings();
    later.next([ana()], new Set(), 0);
    expect(told(later.next([ana()], watching, 1))).toEqual([]);
  });

  it("has not come back who only lost the line for a moment, and has who was away for long", () => {
    const seen = new Sightings();
    seen.next([ana()], watching, 0);
    seen.next([], watching, MINUTE);
    expect(told(seen.next([ana()], watching, 2 * MINUTE))).toEqual([]);
    seen.next([], watching, 3 * MINUTE);
    expect(told(seen.next([ana()], watching, 20 * MINUTE))).toEqual(["back"]);
  });

  it("is told when something goes into the cart, and not when something comes out", () => {
    const seen = new Sightings();
    seen.next([ana({ cart_count: 1 })], watching, 0);
    expect(told(seen.next([ana({ cart_count: 2 })], watching, 1))).toEqual(["cart"]);
    expect(told(seen.next([ana({ cart_count: 1 })], watching, 2))).toEqual([]);
  });

  it("is known when they sign in on a browser nobody knew", () => {
    const seen = new Sightings();
    seen.next([ana({ customer: id(999) })], watching, 0);
    expect(told(seen.next([ana()], watching, 1))).toEqual(["back"]);
  });

  it("is one person on two browsers", () => {
    const seen = new Sightings();
    seen.next([], watching, 0);
    expect(told(seen.next([ana()], watching, 1))).toEqual(["back"]);
    expect(told(seen.next([ana(), ana({ id: id(777) })], watching, 2))).toEqual([]);
  });
});
