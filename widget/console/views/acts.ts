// What an operator can do to a conversation or a record, each in one line for the views: said to the hub, its refusal
// shown, its way back offered.

import type { CannedReply, ConversationRow, Done, Id, Outcome, VisitorRow } from "../../wire/console";
import type { Deciding } from "../../wire/evidence";
import type { Hub } from "../state/hub";
import type { Ended } from "../state/invites";
import { isTyping } from "../state/keys";
import type { Wish } from "../state/outbox";
import { RefusedError } from "../state/outbox";
import { tookMyself } from "../state/ringing";
import { toast } from "../state/toasts";
import { takeWay } from "../state/ways";
import { t } from "../text";

/** Says a command; null when the hub refused it (and the operator has been told why). */
export async function act(hub: Hub, wish: Wish): Promise<Done | null> {
  try {
    return await hub.outbox.run(wish);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    toast(error.message || t("act.refused"), { bad: true });
    return null;
  }
}

/** The name people see: somebody without one is a visitor. */
export const nameOf = (one: { name: string }): string => one.name || t("visitor");

export async function take(hub: Hub, row: ConversationRow): Promise<void> {
  hub.desk.pin(row.id);
  tookMyself(row.id);
  await act(hub, { t: "take", conversation: row.id });
}

/** Sends words to the customer, or keeps them as a note. The first answer to somebody who waits takes the conversation. */
export function answer(hub: Hub, row: ConversationRow, text: string, note: boolean, attachments: Id[] = [], mentions: Id[] = []): void {
  if (row.status === "waiting") tookMyself(row.id);
  const way = note ? "" : takeWay(row.id);
  const files = { ...(way && { way }), ...(attachments.length ? { attachments } : {}), ...(mentions.length ? { mentions } : {}) };
  hub.outbox.run({ t: "reply", conversation: row.id, text, kind: note ? "note" : "text", ...files }).catch(() => {
    // the message itself shows the refusal, with its two ways out
  });
}

/** Takes a message back that was not sent: its words and files are in the composer again, behind what is written there. One note makes all of it a note. */
export function rewrite(hub: Hub, id: string): void {
  const one = hub.outbox.pending.peek().find((each) => each.command.id === id)?.command;
  if (one?.t !== "reply") return;
  const draft = hub.drafts.get(one.conversation);
  const text = [draft?.text.trim(), one.text].filter(Boolean).join("\n");
  hub.outbox.discard(id);
  hub.drafts.set(one.conversation, text, one.kind === "note" || (draft?.note ?? false), [...(draft?.mentions ?? []), ...(one.mentions ?? [])]);
  hub.uploads.restore(one.conversation, one.attachments ?? []);
}

/** Whether this operator may hand on or finish it: their own, one that waits, any for an administrator. */
export function mayRule(hub: Hub, row: ConversationRow): boolean {
  const me = hub.me.value;
  return row.operator == null || row.operator === me.id || me.role === "admin";
}

export async function takeOver(hub: Hub, row: ConversationRow): Promise<void> {
  const from = row.operator;
  hub.desk.pin(row.id);
  tookMyself(row.id);
  if (!(await act(hub, { t: "transfer", conversation: row.id, operator: hub.me.value.id }))) return;
  toast(t("took.over", { name: nameOf(row) }), from ? { undo: () => void act(hub, { t: "transfer", conversation: row.id, operator: from }) } : {});
}

export async function transfer(hub: Hub, row: ConversationRow, to: { operator: Id } | { queue: Id }, name: string, note: string): Promise<void> {
  const done = await act(hub, { t: "transfer", conversation: row.id, ...to, note });
  if (!done) return;
  const undo = async () => {
    tookMyself(row.id);
    if (await act(hub, { t: "untransfer", conversation: row.id, command: done.id })) hub.desk.open(row.id, true);
  };
  // Whoever hands on what was not theirs (an administrator may) would get what they never had.
  toast(t("transferred", { name: nameOf(row), to: name }), row.operator === hub.me.peek().id ? { undo: () => void undo() } : {});
}

/** Puts tags on and takes others off; the way back is the reverse. */
export async function tag(hub: Hub, row: ConversationRow, add: string[], drop: string[]): Promise<void> {
  if (!(await act(hub, { t: "tag", conversation: row.id, add, drop }))) return;
  toast(t("tags.saved", { name: nameOf(row) }), { undo: () => void act(hub, { t: "tag", conversation: row.id, add: drop, drop: add }) });
}

export async function close(hub: Hub, row: ConversationRow, outcome: Outcome, tags: string[] | null = null): Promise<void> {
  if (!(await act(hub, { t: "close", conversation: row.id, outcome, tags }))) return;
  hub.desk.putAway(row.id);
  toast(t("closed.toast", { name: nameOf(row), outcome: t(`outcome.${outcome}`) }), {
    undo: () => void reopen(hub, row.id),
  });
}

export async function reopen(hub: Hub, conversation: Id): Promise<void> {
  tookMyself(conversation);
  if (await act(hub, { t: "reopen", conversation })) hub.desk.open(conversation, true);
}

export async function block(hub: Hub, row: ConversationRow, on: boolean): Promise<void> {
  if (!(await act(hub, { t: "block", conversation: row.id, on }))) return;
  toast(t(on ? "blocked" : "unblocked", { name: nameOf(row) }), { undo: () => void act(hub, { t: "block", conversation: row.id, on: !on }) });
}

/** Takes a decision; the way back is to revoke it, or all that it was made of. */
export async function decideThis(hub: Hub, wish: Deciding, note: string, said: string): Promise<void> {
  const done = await act(hub, { t: "decide", ...wish, note });
  const decision = done?.decision;
  const several = done?.decisions ?? [];
  const undo = () => (several.length ? void revokeAll(hub, several) : decision && void revoke(hub, decision));
  if (done) toast(decision ? said.charAt(0).toLocaleUpperCase() + said.slice(1) : sentence(done.message ?? ""), decision ? { undo } : {});
}

async function revokeAll(hub: Hub, decisions: Id[]): Promise<void> {
  if (await act(hub, { t: "decide", op: "revoke", decisions })) toast(t("revoked"));
}

/** The hub's words, as a sentence. */
export const sentence = (words: string): string => words && words.charAt(0).toLocaleUpperCase() + words.slice(1) + (/[.!?]$/.test(words) ? "" : ".");

/** Takes a decision back; the way back of that is to take the taking back back. */
export async function revoke(hub: Hub, decision: Id): Promise<void> {
  const done = await act(hub, { t: "decide", op: "revoke", decision });
  const back = done?.decision;
  if (done) toast(t("revoked"), back ? { undo: () => void act(hub, { t: "decide", op: "revoke", decision: back }) } : {});
}

/** Offers a page of the site; what the customer does with it is told by the message. */
export async function push(hub: Hub, row: ConversationRow, url: string, title: string): Promise<void> {
  hub.desk.pin(row.id);
  if (row.status === "waiting") tookMyself(row.id);
  await act(hub, { t: "push", conversation: row.id, url, title: title.slice(0, 200) });
}

export async function invite(hub: Hub, row: VisitorRow, text: string): Promise<void> {
  hub.invites.sent(row, text);
  if (!(await act(hub, { t: "invite", visitor: row.id, text }))) hub.invites.refused(row.id);
}

/** One of our invitations has ended. An accepted one opens the conversation, unless its operator is in the middle of something. */
export function invitationEnded(hub: Hub, { row, fate }: Ended): void {
  if (fate !== "accepted") return;
  const open = () => hub.desk.open(row.conversation!, true);
  const busy = isTyping(document.activeElement) || document.querySelector("dialog[open]") !== null;
  toast(t("invitation.ended", { name: nameOf(row) }), busy ? { go: { label: t("open"), run: open } } : {});
  if (!busy) open();
}

/** Deletes a canned reply, which can be kept again as it was. */
export async function dropCanned(hub: Hub, reply: CannedReply): Promise<void> {
  const { id, shortcut, title, text, owner, queue = null } = reply;
  if (!(await act(hub, { t: owner ? "canned_drop" : "shared_drop", reply: id }))) return;
  const again = () => void act(hub, { t: owner ? "canned_save" : "shared_save", reply: id, shortcut, title, text, queue });
  toast(t("canned.dropped", { shortcut }), { undo: again });
}

/** Keeps an eye on a customer, or no longer. */
export async function watch(hub: Hub, customer: Id, name: string, on: boolean): Promise<void> {
  if (!(await act(hub, { t: "watch", customer, on }))) return;
  toast(t(on ? "watch.on" : "watch.off", { name }), { undo: () => void act(hub, { t: "watch", customer, on: !on }) });
}

/** What an operator said of a customer no longer counts. */
export async function takeBack(hub: Hub, touch: Id): Promise<void> {
  if (await act(hub, { t: "take_back", touch })) toast(t("entry.taken.toast"));
}
