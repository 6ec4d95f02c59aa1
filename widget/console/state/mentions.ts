// Who is called by a note: found in its text while it is written, told to whoever is called, and gone when they have seen it.

import type { ConversationRow, Id, OperatorRow } from "../../wire/console";
import { fit, plain } from "./canned";

/** What is being looked for: the word, or the two, with an @ before it that end at the caret. */
export function called(text: string, caret: number): { from: number; words: string } | null {
  const found = /(?:^|[\s(])@([^\s@]{0,40}(?: [^\s@]{1,40})?)$/u.exec(text.slice(0, caret));
  return found ? { from: caret - found[1]!.length - 1, words: found[1]! } : null;
}

/** Colleagues who may see the conversation: those of its queue's team, and administrators. */
export function readers(operators: readonly OperatorRow[], row: Pick<ConversationRow, "queue">, me: Id): OperatorRow[] {
  return operators.filter((one) => one.id !== me && (one.role === "admin" || (one.queues ?? []).includes(row.queue)));
}

/** Those whose name fits, best first; who is there before who is not. */
export function fitting(words: string, operators: readonly OperatorRow[]): OperatorRow[] {
  const typed = plain(words.trim());
  const score = (one: OperatorRow) => (typed ? Math.max(fit(typed, plain(one.name)), ...plain(one.name).split(/\s+/).map((part) => fit(typed, part))) : 1);
  const away = (one: OperatorRow) => Number(one.presence === "offline");
  return operators.map((one) => ({ one, score: score(one) })).filter(({ score }) => score > 1 || !typed)
    .sort((a, b) => b.score - a.score || away(a.one) - away(b.one)).map(({ one }) => one);
}

/**
 * Whom a text calls. Of several with one name, those who were chosen from the list; a name that one person alone has counts
 * however it came there.
 */
export function mentioned(text: string, operators: readonly OperatorRow[], chosen: readonly Id[]): Id[] {
  const here = operators.filter((one) => spans(text, [one.name]).length > 0);
  return here.filter((one) => chosen.includes(one.id) || here.every((other) => other.id === one.id || other.name !== one.name)).map((one) => one.id);
}

/** Where names stand with an @ before them; the longest name wins where one begins like another. */
export function spans(text: string, names: readonly string[]): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (const name of [...names].filter(Boolean).sort((a, b) => b.length - a.length))
    for (let at = text.indexOf(`@${name}`); at >= 0; at = text.indexOf(`@${name}`, at + 1)) {
      const to = at + name.length + 1;
      const whole = !/[\p{L}\p{N}]/u.test(text[to] ?? "");
      if (whole && !found.some((one) => at < one.to && one.from < to)) found.push({ from: at, to });
    }
  return found.sort((a, b) => a.from - b.from);
}
