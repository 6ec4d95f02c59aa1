// Generated from hub/wire/routing.py by widget/generate_wire.py; change that and run `make wire`.

// Routing rules, as admins write them in the console, and what came of them, over plain HTTP.
//
// A rule is data: comparisons of facts with values, and what is to happen. The list of rules is kept as a whole: every change makes a new
// edition of it, and a decision names the edition it was made by.

import type { Count, Id, Outcome, Priority, Short } from "./common.ts";
export type { Count, Id, Outcome, Priority, Short };

/** What may be asked of a message that begins a conversation; `words` is subject and text. */
export type Fact = "words" | "subject" | "text" | "to" | "from" | "connection" | "channel" | "site" | "language" | "open" | "automatic" | "known" | "verified" | "blocked" | "conversations" | "open_cases" | "orders" | "total" | "customer_tags";

export type Op = "has" | "has all" | "has none" | "is" | "is not" | "at least" | "at most";

/** At most 100 long. */
export type Word = string;
export const MAX_WORD = 100;

/** One comparison. Words and addresses have a list of values, figures a number, the rest yes or no. */
export interface Condition {
  fact: Fact;
  op: Op;
  value: Word[] | number | boolean;
}

/** What is to happen. What is left out, this rule says nothing about. */
export interface Then {
  queue?: Id | null;
  priority?: Priority | null;
  /** At most 20 long. Absent: []. */
  tags?: Word[];
  /** A canned reply of everybody's. */
  answer?: Id | null;
  close?: Outcome | null;
  /** No rule below this one is looked at. Absent: false. */
  stop?: boolean;
}

/** One rule. `by` and `at` say who wrote it as it is, and when; the hub fills them in. */
export interface Rule {
  id: Id;
  name: Short;
  /** At most 20 long. */
  when: Condition[];
  /** Absent: Then of defaults. */
  then?: Then;
  /** Whether all comparisons must hold, or one of them. Absent: "all". */
  match?: "all" | "any";
  /** Absent: false. */
  enabled?: boolean;
  /** Absent: "". */
  by?: string;
  /** Absent: 0. */
  at?: number;
}

/** At most 100 long. */
export type Rules = Rule[];
export const MAX_RULES = 100;

/** All rules, in their order. `seen` is the edition they were made from. */
export interface KeepRules {
  rules: Rules;
  /** Absent: 0. */
  seen?: Count;
}

/** Let the rules be those of this edition again. */
export interface RestoreRules {
  edition: Count;
  /** Absent: 0. */
  seen?: Count;
}

/** Try rules, switched on or not, on the conversations that began last. */
export interface TryRules {
  rules: Rules;
  /** At least 1, at most 500. Absent: 200. */
  last?: number;
}

/** One change of the rules: what became of which rule. */
export interface RulesEdition {
  n: Count;
  at: number;
  by: string;
  /** Absent: []. */
  added?: string[];
  /** Absent: []. */
  changed?: string[];
  /** Absent: []. */
  dropped?: string[];
  /** Absent: false. */
  moved?: boolean;
}

/** Something a rule may name. */
export interface Choice {
  value: string;
  label: string;
}

/** The rules, and what can be chosen in them. */
export interface RulesPage {
  edition: Count;
  rules: Rule[];
  /** Absent: []. */
  queues?: Choice[];
  /** Replies of everybody's that may go out by themselves. Absent: []. */
  replies?: Choice[];
  /** Absent: []. */
  sites?: Choice[];
  /** Absent: []. */
  connections?: Choice[];
  /** Absent: []. */
  history?: RulesEdition[];
}

/** Why a comparison held, or why it did not: what was found of its fact. */
export interface Found {
  fact: Fact;
  op: Op;
  value: string[] | number | boolean;
  /** The words, the address or the figure that it was; empty where there was none. Absent: "". */
  found?: string;
  /** Absent: false. */
  held?: boolean;
}

/**
 * One rule, as it was then, on one message. Of a rule that did not match, only the comparisons that it failed by
 * are told.
 */
export interface Step {
  rule: Id;
  name: string;
  matched: boolean;
  /** Absent: []. */
  because?: Found[];
  /** Absent: Then of defaults. */
  then?: Then;
  /** What of it came to pass; the rest another rule above had decided. Absent: []. */
  counted?: ("queue" | "priority" | "tags" | "answer" | "close")[];
  /** The rule is another by now, or no more. Absent: false. */
  changed?: boolean;
}

/** Why a conversation is where it is. `decided` is false where no rules were in force when it began. */
export interface Explained {
  decided: boolean;
  /** Absent: 0. */
  at?: number;
  /** Absent: []. */
  steps?: Step[];
  /** The queue it began in. Absent: "". */
  queue?: string;
  /** That queue was its site's own: no rule said otherwise. Absent: true. */
  usual?: boolean;
  /**
   * What became of the canned answer: it went out, or not: the message was no person's, somebody was answered by
   * itself within a day, the reply is gone. Absent: "".
   */
  answered?: "" | "sent" | "automatic" | "lately" | "gone";
}

/** What rules would have done with one past conversation, and what was done. */
export interface Tried {
  conversation: Id;
  name: string;
  at: number;
  words: string;
  rules: Id[];
  /** Absent: "". */
  queue?: string;
  /** Absent: "". */
  queue_was?: string;
  /** Absent: "normal". */
  priority?: Priority;
  /** Absent: "normal". */
  priority_was?: Priority;
  /** Those it would have had besides its own. Absent: []. */
  tags?: string[];
  /** Absent: "". */
  answer?: string;
  close?: Outcome | null;
  close_was?: Outcome | null;
  /** Absent: false. */
  differs?: boolean;
}

/** One rule over past conversations. */
export interface TriedRule {
  rule: Id;
  /** Absent: 0. */
  matched?: Count;
  /** Of those, how many would have gone another way than they did. Absent: 0. */
  differing?: Count;
}

/** What rules would have done. */
export interface Trial {
  looked_at: Count;
  since?: number | null;
  /** Absent: []. */
  rules?: TriedRule[];
  /** Absent: []. */
  tried?: Tried[];
  /** What is wrong with the rules: place → sentence; then nothing was tried. Absent: {}. */
  problems?: Record<string, string>;
}
