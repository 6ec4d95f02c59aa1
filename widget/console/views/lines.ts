// What a transcript shows, from what is known: days, the unread line, messages in groups, and our own words that are
// still on their way. Pure; the view only draws it.

import type { Attachment, ConversationRow, Cursors, Id, Message, Push } from "../../wire/console";
import { sameDay } from "../design/time";
import { known, t } from "../text";
import type { Pending } from "../state/outbox";

export type Side = "theirs" | "ours" | "note" | "system";
export type Delivery = "sending" | "sent" | "delivered" | "read" | "failed" | null;

export interface Said {
  is: "said";
  /** Stable from the first keystroke's "send" to the stored message, so that its element stays the same. */
  key: string;
  side: Side;
  seq: number | null;
  text: string;
  at: number;
  name: string;
  bot: boolean;
  /** Said by the operator at this desk. */
  mine: boolean;
  /** First and last of a run by one person. */
  first: boolean;
  last: boolean;
  delivery: Delivery;
  problem?: string;
  files: readonly Attachment[];
  /** Files of a message on its way of which this page knows no more than that they exist. */
  unseenFiles: number;
  /** A page that was offered; `text` is its address. */
  push: Push | null;
  /** Operators whom a note calls. */
  mentions: readonly Id[];
  /** The way it took, where that is worth a word: the channel and the address. */
  way?: { readonly channel: string; readonly to: string };
  /** The message, where there is more of it than words, or it can be tried again. */
  letter?: Message;
  /** Said in another conversation of the same case. */
  beside?: ConversationRow;
}

export type Line = Said | { is: "day"; key: string; at: number } | { is: "unread"; key: string };

const RUN = 4 * 60_000;

/** The newest messages without a hole, oldest first; a hole (after a long absence) cuts off what is before it. */
export function tail(messages: Iterable<Message>): Message[] {
  const sorted = [...messages].sort((a, b) => a.seq - b.seq);
  let from = sorted.length - 1;
  while (from > 0 && sorted[from - 1]!.seq >= sorted[from]!.seq - 1) from--;
  return sorted.slice(Math.max(0, from));
}

function sideOf(message: Message): Side {
  if (message.kind === "note") return "note";
  if (message.author === "system" || message.kind === "system") return "system";
  return message.author === "visitor" ? "theirs" : "ours";
}

function deliveryOf(message: Message, side: Side, cursors: Cursors): Delivery {
  if (side !== "ours") return null;
  if (message.delivery) return message.delivery;
  if (message.seq <= (cursors.read ?? 0)) return "read";
  return message.seq <= (cursors.delivered ?? 0) ? "delivered" : "sent";
}

/** The hub's lines about a conversation are codes ("taken", "closed:resolved"), so that each reader has them in their language. */
function happened({ text, name = "" }: Message): string {
  const [what, detail = ""] = text.split(/:(.*)/s);
  const key = `happened.${what}`;
  const outcome = `outcome.${detail}`;
  const said = known(outcome) ? t(outcome) : /^\d+$/.test(detail) ? Number(detail) : detail;
  return known(key) ? t(key, { name: name || t("visitor"), detail: said }) : text;
}

interface Known {
  head: ConversationRow | null;
  messages: readonly Message[];
  pending: readonly { pending: Pending; reply: { id: string; text: string; kind?: "text" | "note"; attachments?: Id[]; mentions?: Id[] } }[];
  /** Files this tab has uploaded. */
  uploaded?: ReadonlyMap<Id, Attachment>;
  me: { id: string; name: string };
  /** Messages after this number were not read when the pane was opened; 0 draws no line. */
  unreadAfter: number;
  /** What was said in other conversations of the same case. */
  beside?: readonly { readonly row: ConversationRow; readonly messages: readonly Message[] }[];
}

export function linesOf({ head, messages, pending, me, unreadAfter, uploaded, beside = [] }: Known): Line[] {
  const saidIn = (row: ConversationRow | null, all: readonly Message[]): Said[] => all.map((message) => {
    const side = sideOf(message);
    return {
      is: "said", key: message.client_id ?? message.id, side, seq: message.seq, text: side === "system" ? happened(message) : message.text, at: message.at,
      name: message.name ?? "", bot: message.author === "bot",
      mine: message.author === "operator" && message.operator === me.id, first: true, last: true, delivery: deliveryOf(message, side, row?.customer_cursors ?? {}),
      files: message.attachments ?? [], unseenFiles: 0, push: message.push ?? null, mentions: message.mentions ?? [],
      ...(message.why ? { problem: message.why } : {}),
      ...((message.by || (side !== "note" && (row?.legs ?? 1) > 1)) && side !== "system" ? { way: { channel: message.by || message.channel || "", to: message.to ?? "" } } : {}),
      ...(message.mail || message.why ? { letter: message } : {}),
    };
  });
  const said = saidIn(head, messages);
  for (const { row, messages: others } of beside) said.push(...saidIn(row, others).map((one) => ({ ...one, beside: row })));
  if (beside.length) said.sort((a, b) => a.at - b.at);
  const stored = new Set(said.map((one) => one.key));
  for (const { pending: one, reply } of pending) {
    if (stored.has(reply.id)) continue;
    const files = (reply.attachments ?? []).map((id) => uploaded?.get(id)).filter((file) => file !== undefined);
    const delivery = one.state === "refused" ? "failed" : one.state === "done" ? "sent" : "sending";
    said.push({
      is: "said", key: reply.id, side: reply.kind === "note" ? "note" : "ours", seq: null, text: reply.text, at: one.at,
      name: me.name, bot: false, mine: true, first: true, last: true, delivery,
      files, unseenFiles: (reply.attachments?.length ?? 0) - files.length, push: null, mentions: reply.mentions ?? [], ...(one.problem ? { problem: one.problem } : {}),
    });
  }
  return withSeparators(grouped(withoutRepeats(said)), unreadAfter);
}

/** What happened again, with nothing in between, stands once, as of the last time. */
const withoutRepeats = (said: Said[]): Said[] =>
  said.filter((one, at) => one.side !== "system" || said[at + 1]?.side !== "system" || said[at + 1]!.text !== one.text || !sameDay(one.at, said[at + 1]!.at));

function grouped(said: Said[]): Said[] {
  const joins = (a: Said | undefined, b: Said | undefined): boolean =>
    !!a && !!b && a.side === b.side && a.beside?.id === b.beside?.id && a.name === b.name && a.way?.channel === b.way?.channel && a.side !== "system" && b.at - a.at < RUN && sameDay(a.at, b.at);
  return said.map((one, at) => ({ ...one, first: !joins(said[at - 1], one), last: !joins(one, said[at + 1]) }));
}

function withSeparators(said: Said[], unreadAfter: number): Line[] {
  const lines: Line[] = [];
  let before: Said | undefined;
  let drawn = unreadAfter <= 0;
  for (const one of said) {
    if (!before || !sameDay(before.at, one.at)) lines.push({ is: "day", key: `day-${new Date(one.at).toDateString()}`, at: one.at });
    if (!drawn && !one.beside && one.seq !== null && one.seq > unreadAfter) {
      drawn = true;
      if (before) lines.push({ is: "unread", key: "unread" });
    }
    lines.push(one);
    before = one;
  }
  return lines;
}

/** Number of the last message that was read when `unread` later ones of the other side were not. */
export function readUpTo(messages: readonly Message[], unread: number): number {
  let left = unread;
  for (let at = messages.length - 1; at >= 0 && left > 0; at--) {
    const message = messages[at]!;
    if (message.author === "visitor" && --left === 0) return message.seq - 1;
  }
  return 0;
}

/** The last of our messages, whose state is the one worth words. */
export function lastOurs(lines: readonly Line[]): string | null {
  for (let at = lines.length - 1; at >= 0; at--) {
    const line = lines[at]!;
    if (line.is === "said" && line.side === "ours") return line.key;
  }
  return null;
}
