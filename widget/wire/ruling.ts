// Generated from hub/wire/ruling.py by widget/generate_wire.py; change that and run `make wire`.

// What the console's page about telling people apart reads and writes, over plain HTTP, for admins.
//
// Three sorts of numbers, by kind of identifier: `limits`, how many values one customer may hold; `others`, an identifier whose own
// touchpoints name more other personal ones than so many is shared; `crowds`, so is one that rivals name and more claim than so many.

import type { Count, Id, Level } from "./common.ts";
export type { Count, Id, Level };

export type Name = "limits" | "others" | "crowds";

/** One of the numbers in force, and the one the hub ships with (null: with none). */
export interface RuleNumber {
  name: Name;
  kind: string;
  value: Count;
  default?: Count | null;
}

/** Numbers that were changed together: name, kind, before, after; null where there was or is none. */
export interface RulesChange {
  id: Id;
  at: number;
  by: string;
  numbers: ([Name, string, Count | null, Count | null])[];
  /** Absent: false. */
  may_undo?: boolean;
}

/** A customer of today. */
export interface RulesPerson {
  id: Id;
  name: string;
  level: Level;
}

/**
 * A customer who would be several; so many touchpoints each would have, the most first, and how many more there
 * would be.
 */
export interface RulesApart {
  who: RulesPerson;
  touches: Count[];
  /** Absent: 0. */
  more?: Count;
}

/** Customers who would be one; `more` of them are not listed. */
export interface RulesTogether {
  who: RulesPerson[];
  /** Absent: 0. */
  more?: Count;
}

/**
 * What other numbers would make of everything there is. Until `state` is done, `share` says how far it has been counted.
 *
 * `numbers`: what was asked. `moved`: touchpoints that would belong to another customer. `split`, `joined`: how many customers would
 * be several, and of how many several would be made one; with a few of them.
 */
export interface RulesTrial {
  numbers: Record<string, Record<string, Count | null>>;
  state: "counting" | "done" | "failed";
  since: number;
  /** Absent: 0.0. */
  share?: number;
  /** Absent: 0. */
  customers?: Count;
  /** Absent: 0. */
  would_be?: Count;
  /** Absent: 0. */
  moved?: Count;
  /** Absent: 0. */
  split?: Count;
  /** Absent: 0. */
  joined?: Count;
  /** Absent: []. */
  apart?: RulesApart[];
  /** Absent: []. */
  together?: RulesTogether[];
}

/**
 * `GET /api/identity/rules`; every write answers with it as well. `renewing`: what is there is being read anew by these numbers.
 * `n`: number of the last change, which a change is based on.
 */
export interface RulesPage {
  numbers: RuleNumber[];
  /** Absent: []. */
  changes?: RulesChange[];
  trial?: RulesTrial | null;
  /** Absent: false. */
  renewing?: boolean;
  /** Absent: 0. */
  n?: Count;
}

/**
 * `POST /api/identity/rules/try`: by name and kind; null is the number the hub ships with. Begins counting, and
 * answers at once.
 */
export interface TryRules {
  numbers: Record<string, Record<string, number | null>>;
}

/** `POST /api/identity/rules`. `seen` is the page's `n`. */
export interface KeepRules {
  numbers: Record<string, Record<string, number | null>>;
  seen: Count;
}

/** `POST /api/identity/rules/undo`: of the last change. */
export interface UndoRules {
  change: Id;
}
