// Conversations of one customer that are about one thing: which they are, and lists that show them as one.

import { useEffect, useState } from "preact/hooks";
import type { CasePage } from "../../wire/cases";
import type { ConversationRow, Id } from "../../wire/console";
import { api } from "./api";

/** What names the case of a conversation: the one that began it. */
export const caseOf = (row: ConversationRow): Id => row.case ?? row.id;

/** The case of a conversation; asked anew when a row says that something about it has changed. Null until it is known. */
export function useCase(row: ConversationRow | null, rows: readonly ConversationRow[]): { page: CasePage | null; put: (page: CasePage) => void } {
  const [page, put] = useState<CasePage | null>(null);
  const id = row?.id;
  const others = row && rows.filter((one) => caseOf(one) === caseOf(row)).map((one) => one.id).sort().join(" ");
  useEffect(() => {
    if (!id) return;
    let wanted = true;
    api.case(id).then((found) => wanted && put(found), () => wanted && put(null));
    return () => void (wanted = false);
  }, [id, others, row?.case, row?.status, row?.customer]);
  return { page, put };
}

/** Rows as lists show them: those that go on with another one are that one, with the latest words and the longest wait of all. */
export function asCases(rows: readonly ConversationRow[]): ConversationRow[] {
  const heads = new Map(rows.filter((row) => !row.case).map((row) => [row.id, row]));
  for (const row of rows) {
    const head = row.case ? heads.get(row.case) : undefined;
    if (head) heads.set(head.id, together(head, row));
  }
  return rows.filter((row) => !row.case || !heads.has(row.case)).map((row) => heads.get(row.id) ?? row);
}

function together(head: ConversationRow, row: ConversationRow): ConversationRow {
  const latest = (row.last_at ?? 0) > (head.last_at ?? 0) ? row : head;
  const waits = [head.waiting_since, row.waiting_since].filter((at): at is number => at != null);
  return {
    ...head,
    unread: (head.unread ?? 0) + (row.unread ?? 0),
    channel: latest.channel,
    ...(latest.last_text === undefined ? {} : { last_text: latest.last_text }),
    ...(latest.last_author === undefined ? {} : { last_author: latest.last_author }),
    ...(latest.last_at === undefined ? {} : { last_at: latest.last_at }),
    waiting_since: waits.length ? Math.min(...waits) : null,
  };
}

/** The conversation of a case in which the customer is answered: where they wrote last. `writing`: a draft stays where it was begun. */
export function answeredIn(members: readonly ConversationRow[], own: ConversationRow, writing: Id | null): ConversationRow {
  const begun = members.find((row) => row.id === writing);
  if (begun) return begun;
  const heard = members.filter((row) => row.status !== "closed" && row.last_author === "visitor");
  return heard.reduce((best, row) => ((row.last_at ?? 0) > (best.last_at ?? 0) ? row : best), heard[0] ?? own);
}
