// Generated from hub/wire/evidence.py by widget/generate_wire.py; change that and run `make wire`.

// Why a record is one person, what a decision would do, and what was decided: answers for the console, over plain HTTP.
//
// A decision names touchpoints and identifiers; the console may name a customer, which is a touch id too. What it would do is computed
// by the rule with the decision added, so a preview and the deed cannot differ.

import type { Count, Id, Level } from "./common.ts";
export type { Count, Id, Level };

import type { DecisionRow, TimelineItem } from "./console.ts";
export type { DecisionRow, TimelineItem };

export type Op = "same" | "never" | "detach" | "block" | "unblock" | "pin" | "retract" | "revoke";

/** `POST /api/decisions/preview`: the decision to look at, named as in the command `decide`. */
export interface Deciding {
  op: Op;
  a?: Id | null;
  b?: Id | null;
  /** At most 50 long. Absent: []. */
  touches?: Id[];
  /** At most 64 long. Absent: "". */
  kind?: string;
  /** At most 1000 long. Absent: "". */
  identifier?: string;
  /** At most 64 long. Absent: "". */
  attribute?: string;
  /** At most 5000 long. Absent: "". */
  value?: string;
  decision?: Id | null;
}

/**
 * So many touchpoints go from one customer to another, with a few of them. `after` may be an id that is nobody's
 * yet.
 */
export interface PreviewMove {
  before: Id;
  after: Id;
  touches: Count;
  /** Absent: []. */
  some?: TimelineItem[];
}

/** The chosen value of an attribute of a customer, as of afterwards, would be another; None: there is none. */
export interface PreviewChange {
  customer: Id;
  attribute: string;
  before?: string | null;
  after?: string | null;
}

/**
 * A customer the decision touches. `before` and `after` count touchpoints: 0 before is a new record, 0 after one
 * that has gone.
 */
export interface PreviewSide {
  customer: Id;
  name: string;
  level: Level;
  before: Count;
  after: Count;
}

/**
 * What a decision would do. `changes`: whether there is anything to decide; else `answer` says why not, in a sentence.
 *
 * `against`: decisions in force that stop this one. `pending`: the records are large and will be worked out in the background.
 * `unseen`: so large that what it would do is not shown; it may be taken all the same, and revoked. `more`: touchpoints of moves that
 * are not listed, for of thousands only the largest are.
 */
export interface Preview {
  changes: boolean;
  /** Absent: "". */
  answer?: string;
  /** Absent: []. */
  sides?: PreviewSide[];
  /** Absent: []. */
  moves?: PreviewMove[];
  /** Absent: 0. */
  more?: Count;
  /** Absent: []. */
  fields?: PreviewChange[];
  /** Absent: []. */
  against?: DecisionRow[];
  /** Absent: false. */
  pending?: boolean;
  /** Absent: false. */
  unseen?: boolean;
}

/** An identifier in the evidence, at its best level here; `status` as in `RecordIdentifier`. */
export interface WhyIdentifier {
  kind: string;
  value: string;
  level: Level;
  status: string;
}

/**
 * A touchpoint carries an identifier (its place in `Explanation.identifiers`). `joins`: it counts as evidence of
 * who this is.
 */
export interface WhyHold {
  identifier: Count;
  level: Level;
  /** Absent: true. */
  joins?: boolean;
}

/** A piece of evidence: touchpoints that say the same of who they are from, shown by the first of them. */
export interface WhyTouch {
  item: TimelineItem;
  touches: Count;
  /** Absent: []. */
  holds?: WhyHold[];
  /** Absent: []. */
  names?: string[];
}

/**
 * One link of the chain: an identifier, or a decision, made one person of these (places in `Explanation.touches`). One place
 * alone is a piece of evidence that several touchpoints are, since they say the very same.
 *
 * `level`: how sure the weakest of them makes it.
 */
export interface WhyLink {
  touches: Count[];
  level: Level;
  identifier?: Count | null;
  decision?: DecisionRow | null;
}

/** Somebody else in an explanation. */
export interface OtherCustomer {
  id: Id;
  name: string;
  level: Level;
}

/**
 * What did not join others to this record. `reason`: never, limit, verified, names, browser, choice, or what the identifier is:
 * shared, role, blocked, junk, unverified. `more`: others who are not listed.
 */
export interface WhyApart {
  reason: string;
  identifier?: Count | null;
  decision?: DecisionRow | null;
  /** Absent: []. */
  others?: OtherCustomer[];
  /** Absent: 0. */
  more?: Count;
}

/**
 * `GET /api/customers/ID/why`: the chain of evidence, oldest evidence first, and what stayed apart. `more`: evidence left out.
 * `large`: so much evidence that the chain is not computed for a look at it.
 */
export interface Explanation {
  customer: Id;
  /** Absent: []. */
  touches?: WhyTouch[];
  /** Absent: []. */
  identifiers?: WhyIdentifier[];
  /** Absent: []. */
  links?: WhyLink[];
  /** Absent: []. */
  apart?: WhyApart[];
  /** Absent: 0. */
  more?: Count;
  /** Absent: false. */
  large?: boolean;
  /** Absent: false. */
  pending?: boolean;
}

/** `GET /api/decisions?before=CURSOR`: everything decided, newest first; `next` continues. */
export interface DecisionPage {
  /** Absent: []. */
  items?: DecisionRow[];
  next?: string | null;
}

/**
 * `GET /api/customers/ID/erase`: what erasing this person would take with it. `name` is what has to be said to
 * do it.
 */
export interface ErasurePlan {
  customer: Id;
  name: string;
  touches: Count;
  /** Absent: 0. */
  conversations?: Count;
  /** Absent: 0. */
  browsers?: Count;
  /** What plugins keep of them. Absent: 0. */
  documents?: Count;
}
