// Two records beside each other, line by line: what both say alike, what differs and in which letters, what only one side says. Pure.

import type { Customer, Level } from "../../wire/console";

export type Likeness = "agrees" | "alike" | "differs" | "one";
/** A stretch of a value, and whether the other side has it otherwise. */
export type Stretch = readonly [text: string, differs: boolean];

export interface Said {
  readonly value: string;
  readonly level: Level;
  readonly pieces: readonly Stretch[];
}

export interface Line {
  readonly attribute: string;
  readonly likeness: Likeness;
  readonly a: readonly Said[];
  readonly b: readonly Said[];
}

const MOST = 4;
/** Parts of a value that have to be shared for its letters to be compared. */
const NEAR = 0.5;
/** What people look at first; the rest by name. */
const FIRST = ["name", "given_name", "family_name", "birthday", "email", "phone", "company", "street", "number", "postcode", "city", "country"];
const BROWSERS = new Set(["device", "session"]);

type Value = Pick<Said, "value" | "level">;

/** Case, accents and spaces make nobody another person. */
export const folded = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();

const rank = (name: string): number => (FIRST.indexOf(name) + FIRST.length + 1) % (FIRST.length + 1);
export const byRank = (one: string, other: string): number => rank(one) - rank(other) || one.localeCompare(other);

export function compared(a: Customer, b: Customer): Line[] {
  const [left, right] = [valuesOf(a), valuesOf(b)];
  const names = [...new Set([...left.keys(), ...right.keys()])].sort(byRank);
  return names.map((name) => line(name, left.get(name) ?? [], right.get(name) ?? []));
}

/** What a record says, by attribute, the chosen value first; addresses and numbers stand with the identifiers they are. */
export function valuesOf(record: Pick<Customer, "fields" | "identifiers">): Map<string, Value[]> {
  const found = new Map<string, Value[]>();
  const add = (name: string, value: string, level: Level) => {
    const values = found.get(name) ?? [];
    found.set(name, values);
    if (values.length < MOST && !values.some((one) => folded(one.value) === folded(value))) values.push({ value, level });
  };
  for (const { attribute, chosen, others } of record.fields ?? [])
    for (const one of [chosen, ...(others ?? [])]) add(attribute, one.value, one.level);
  for (const held of record.identifiers ?? []) if (!BROWSERS.has(held.kind)) add(held.kind, held.value, held.level);
  return found;
}

function line(attribute: string, ours: readonly Value[], theirs: readonly Value[]): Line {
  const a = ours.map((one) => said(one, theirs));
  const b = theirs.map((one) => said(one, ours));
  return { attribute, likeness: likeness(ours, theirs), a, b };
}

function likeness(ours: readonly Value[], theirs: readonly Value[]): Likeness {
  if (!ours.length || !theirs.length) return "one";
  if (ours.some((one) => theirs.some((other) => folded(one.value) === folded(other.value)))) return "agrees";
  return ours.some((one) => theirs.some((other) => shared(one.value, other.value) >= NEAR)) ? "alike" : "differs";
}

function said(one: Value, others: readonly Value[]): Said {
  const nearest = others.reduce<Value | null>((best, other) => (!best || shared(one.value, other.value) > shared(one.value, best.value) ? other : best), null);
  const near = nearest && shared(one.value, nearest.value) >= NEAR;
  return { ...one, pieces: near ? pieces(one.value, nearest.value) : [[one.value, nearest !== null]] };
}

/** Letters at both ends that are the same. */
function ends(one: string, other: string): [number, number] {
  const [a, b] = [[...one].map(folded), [...other].map(folded)];
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a[start] === b[start]) start++;
  let end = 0;
  while (end < most - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return [start, end];
}

/** How much of the longer of two values both share at their ends, 0 to 1. */
function shared(one: string, other: string): number {
  if (folded(one) === folded(other)) return 1;
  const [start, end] = ends(one, other);
  return (start + end) / Math.max([...one].length, [...other].length, 1);
}

function pieces(one: string, other: string): Stretch[] {
  if (folded(one) === folded(other)) return [[one, false]];
  const letters = [...one];
  const [start, end] = ends(one, other);
  if (start + end === letters.length) return [[one, false]]; // the other one has letters more
  const cut: Stretch[] = [
    [letters.slice(0, start).join(""), false],
    [letters.slice(start, letters.length - end).join(""), true],
    [letters.slice(letters.length - end).join(""), false],
  ];
  return cut.filter(([text]) => text !== "");
}
