// Generated from hub/wire/sheet.py by widget/generate_wire.py; change that and run `make wire`.

// The sheet beside a conversation: what its customer has volunteered anywhere, and what was asked and answered.

import type { Count, Id } from "./common.ts";
export type { Count, Id };

/**
 * One thing that is known. `kind`: name, email, phone, order, invoice, tracking, customer, postcode, address, birthday, size,
 * company or city.
 *
 * `value` is empty when it was said to a team whose words the asker may not read: then `where` names that team, which can be asked.
 * `conversation` and `seq` say where it stands, when it was said in a conversation.
 */
export interface SheetFact {
  kind: string;
  value: string;
  source: "record" | "words" | "form" | "note" | "answer";
  where: string;
  at: number;
  /** Absent: 1. */
  times?: Count;
  conversation?: Id | null;
  seq?: Count | null;
  /** Said in this conversation, or one of its case. Absent: false. */
  here?: boolean;
}

/** A question of ours, and what they said next. */
export interface SheetAnswer {
  question: string;
  answer: string;
  at: number;
  conversation: Id;
  seq: Count;
}

/** Facts by kind, the latest first; answers, the latest first. */
export interface SheetPage {
  facts: SheetFact[];
  answers: SheetAnswer[];
}
