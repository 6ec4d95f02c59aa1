// Generated from hub/wire/suggestions.py by widget/generate_wire.py; change that and run `make wire`.

// The suggestions desk: two customers who may be one person, what speaks for it and what against, and what an operator makes of it.
//
// A score never joins anybody. Accepting is a `same`, dismissing a `never`: decisions like any other, with their undoing. A suggestion
// that is put off comes back on its day, one whose customers changed is scored anew and may be gone.

import type { Count, Id, Level } from "./common.ts";
export type { Count, Id, Level };

import type { Customer, RecordField, TimelineItem } from "./console.ts";
export type { Customer, RecordField, TimelineItem };

export type Shelf = "queue" | "more";

/** One of the two, as of today. `last` is when they were last heard of, in milliseconds. */
export interface SuggestionSide {
  customer: Id;
  name: string;
  level: Level;
  touchpoints: Count;
  last: number;
}

/**
 * One bar of the waterfall: what the field adds to the score given those before it. Negative bits speak against.
 *
 * `field`: postcode, street, number, line, city, phone, surname, email, alias (an
 * address made of the other's name), given, dob, gender, company, occupation, birthplace.
 * `level`: same, typo, alike, part, nickname, initial, swapped, named, local, domain, area, parts, year, differs.
 * `a` and `b`: what each side says, as it was said; several values with a middle dot between them.
 */
export interface SuggestionStep {
  field: string;
  level: string;
  bits: number;
  a: string;
  b: string;
}

/** Two customers who may be one person. `a` and `b` stand in a fixed order; they name the suggestion. */
export interface Suggestion {
  a: SuggestionSide;
  b: SuggestionSide;
  probability: number;
  /** Log2 odds that it is one person; `prior` plus the bits of all steps. */
  bits: number;
  /** Log2 odds before anything is compared: how rare it is that two customers are one. */
  prior: number;
  steps: SuggestionStep[];
  /** `queue` from a probability of .95, `more` from .80. */
  shelf: Shelf;
  /** Both are verified: a possible second account of one person. Never preselect "one person" for it. Absent: false. */
  accounts?: boolean;
  /** When it was found, in milliseconds. Absent: 0. */
  found?: number;
  /** It was put off, and came back then. */
  until?: number | null;
}

/**
 * `GET /api/suggestions?shelf=queue&before=CURSOR`, or `?customer=ID` for those of one customer: surest first.
 *
 * `queue` and `more` count what waits on each shelf, up to 1,000. `pending`: customers who have changed and are not looked at yet.
 */
export interface SuggestionPage {
  items: Suggestion[];
  next?: string | null;
  /** Absent: 0. */
  queue?: Count;
  /** Absent: 0. */
  more?: Count;
  /** Absent: false. */
  pending?: boolean;
}

/**
 * `GET /api/suggestions/pair?a=ID&b=ID`: both records whole, and what would become of them as one.
 *
 * `fields`: every attribute of the one record, chosen by the same rule from what both sides say. `latest`: what each side did last.
 */
export interface SuggestionPair {
  a: Customer;
  b: Customer;
  fields: RecordField[];
  /** Of both together. */
  touchpoints: Count;
  /** Absent: []. */
  latest_a?: TimelineItem[];
  /** Absent: []. */
  latest_b?: TimelineItem[];
  /**
   * Touchpoints of further customers that would change hands as well, because the evidence then speaks
   * otherwise. Absent: 0.
   */
  others?: Count;
  /**
   * They are too large together to see that beforehand; the decision may be taken all the same, and revoked.
   * Absent: false.
   */
  unseen?: boolean;
}

/**
 * `POST /api/suggestions`, body: what an operator makes of one.
 *
 * accept: one person (a `same`); dismiss: two people (a `never`); unsure: not now, and not again before `days` have passed; again: now
 * after all, though it was put off.
 */
export interface JudgeSuggestion {
  a: Id;
  b: Id;
  verdict: "accept" | "dismiss" | "unsure" | "again";
  /** At most 1000 long. Absent: "". */
  note?: string;
  /** At least 1, at most 365. Absent: 30. */
  days?: number;
}

/**
 * The answer. `decision` undoes it: the command `decide` with op `revoke`; None for unsure and again. `customer`: who `a` is now.
 *
 * Refusals: not_found (its customers have moved: read anew), no_change (decided already; the text says so).
 */
export interface JudgedSuggestion {
  customer: Id;
  decision?: Id | null;
}
