// Generated from hub/wire/cases.py by widget/generate_wire.py; change that and run `make wire`.

// Cases: which conversations of a customer go on with one another, what is proposed and why, and what an operator makes of it.

import type { Id } from "./common.ts";
export type { Id };

import type { ConversationRow } from "./console.ts";
export type { ConversationRow };

/**
 * One thing that speaks for it (positive `weight`, log odds) or against.
 *
 * `word`: code, other_code, subject, words, no_words, asking, waits, soon, late, page, named; of a step also two_customers.
 * `shown` are the words it was found in.
 */
export interface CaseReason {
  word: string;
  /** Absent: 0.0. */
  weight?: number;
  /** Absent: []. */
  shown?: string[];
}

/** An open matter of the same customer that the conversation may belong to, and how likely that is, 0 to 1. */
export interface CaseProposal {
  row: ConversationRow;
  probability: number;
  reasons: CaseReason[];
}

/** What was decided about it, and by whom (nobody: the hub itself). `other` is the conversation that began the case. */
export interface CaseStep {
  op: "joined" | "split" | "declined";
  at: number;
  other: Id;
  /** Absent: "". */
  name?: string;
  /** Absent: []. */
  reasons?: CaseReason[];
}

/**
 * The case of one conversation. `members`: all of its conversations, the one that began it first; one alone is
 * no case.
 */
export interface CasePage {
  members: ConversationRow[];
  proposals: CaseProposal[];
  steps: CaseStep[];
  /** From this probability on a proposal is worth a line of its own. */
  likely: number;
}

/**
 * `join`: go on with it in the case of `other`. `decline`: it is not about that. `split`: let it stand by itself
 * again.
 */
export interface DecideCase {
  verdict: "join" | "split" | "decline";
  other?: Id | null;
}
