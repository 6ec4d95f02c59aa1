// Two records beside each other: what agrees, what is alike, and in which letters it differs.

import { expect, test } from "vitest";
import type { Customer } from "../../wire/console";
import { compared } from "./compared";

const said = (value: string) => ({ value, level: "asserted" as const, source: "till", at: 0 });
const record = (fields: Record<string, string[]>, emails: string[] = []): Customer => ({
  k: "customer", id: "0".repeat(32), name: "", level: "asserted",
  fields: Object.entries(fields).map(([attribute, [chosen, ...others]]) => ({ attribute, chosen: said(chosen!), others: others.map(said) })),
  identifiers: [...emails.map((value) => ({ kind: "email", value, level: "verified" as const, status: "links", at: 0 })), { kind: "device", value: "d", level: "observed", status: "links", at: 0 }],
});
const line = (a: Customer, b: Customer, attribute: string) => compared(a, b).find((one) => one.attribute === attribute)!;

test("case, accents and spaces make nobody another person", () => {
  const found = line(record({ name: ["Lucía  Fernández"] }), record({ name: ["lucia fernandez"] }), "name");
  expect(found.likeness).toBe("agrees");
  expect(found.a[0]!.pieces).toEqual([["Lucía  Fernández", false]]);
});

test("letters that differ are told apart from those that do not", () => {
  const found = line(record({ name: ["Anna Berg"] }), record({ name: ["Ana Berg"] }), "name");
  expect(found.likeness).toBe("alike");
  expect(found.a[0]!.pieces).toEqual([["An", false], ["n", true], ["a Berg", false]]);
  expect(found.b[0]!.pieces).toEqual([["Ana Berg", false]]);
});

test("one shared address among several is an agreement, browsers are none", () => {
  const found = compared(record({}, ["a@x.test", "b@x.test"]), record({}, ["B@x.test"]));
  expect(found.map((one) => one.attribute)).toEqual(["email"]);
  expect(found[0]!.likeness).toBe("agrees");
});

test("what only one side says differs from nothing", () => {
  expect(line(record({ city: ["Sevilla"] }), record({}), "city")).toMatchObject({ likeness: "one", b: [] });
  expect(line(record({ city: ["Sevilla"] }), record({ city: ["Oslo"] }), "city").likeness).toBe("differs");
});

test("what people look at first stands first", () => {
  const found = compared(record({ zodiac: ["x"], city: ["x"], name: ["x"] }), record({ age: ["1"] }));
  expect(found.map((one) => one.attribute)).toEqual(["name", "city", "age", "zodiac"]);
});
