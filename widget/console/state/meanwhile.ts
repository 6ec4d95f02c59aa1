// What came while the line was cut: noted when it went, told once everything has been caught up with.

import { computed, effect, signal, untracked } from "@preact/signals";
import type { ConversationRow, Id } from "../../wire/console";
import type { Hub } from "./hub";

export interface Meanwhile {
  /** Conversations that began to wait. */
  waiting: number;
  /** New messages of customers in conversations of mine. */
  messages: number;
  /** Conversations of mine that somebody else has, or has closed. */
  gone: number;
}

/**
 * Compares what was known with what is. What I did myself and was sent on return is no news: `own` are the conversations of my
 * replies, `left` those that I finished or handed over.
 */
export function difference(
  before: readonly ConversationRow[], after: readonly ConversationRow[], me: Id, own: readonly Id[] = [], left: readonly Id[] = [],
): Meanwhile {
  const known = new Map(before.map((row) => [row.id, row]));
  const now = new Map(after.map((row) => [row.id, row]));
  const mine = (row: ConversationRow | undefined) => row?.status === "open" && row.operator === me;
  const found: Meanwhile = { waiting: 0, messages: 0, gone: 0 };
  for (const row of after) {
    const old = known.get(row.id);
    if (row.status === "waiting" && old?.status !== "waiting") found.waiting++;
    if (mine(row) && old) found.messages += Math.max(0, row.seq - old.seq - own.filter((id) => id === row.id).length);
  }
  for (const row of before) if (mine(row) && !mine(now.get(row.id)) && !left.includes(row.id)) found.gone++;
  return found;
}

/** Since when the line is cut, milliseconds since the epoch by this computer's clock; null while it is not. */
export const cutSince = signal<number | null>(null);

/** Watches the line; `tell` is called when it is back and nothing is behind. Returns how to end it. */
export function startMeanwhile(hub: Hub, tell: (found: Meanwhile, since: number) => void): () => void {
  let before: readonly ConversationRow[] = [];
  let own: readonly Id[] = [];
  let left: readonly Id[] = [];
  const caughtUp = computed(() => hub.line.state.value === "online" && hub.feed.behind.value === 0 && hub.loaded.value);
  let settling: ReturnType<typeof setTimeout> | undefined;
  const ends = [
    effect(() => {
      if (hub.line.state.value !== "offline" || untracked(() => cutSince.value) !== null) return;
      before = untracked(() => hub.conversations.value);
      cutSince.value = Date.now();
    }),
    effect(() => {
      // Before anything is sent again: what stands here now is what the hub will say of me in a moment.
      if (hub.line.state.value !== "online" || cutSince.peek() === null) return;
      const sending = hub.outbox.pending.peek().flatMap(({ command, state }) => (state === "sending" ? [command] : []));
      own = sending.flatMap((command) => (command.t === "reply" ? [command.conversation] : []));
      left = sending.flatMap((command) => (command.t === "close" || command.t === "transfer" ? [command.conversation] : []));
    }),
    effect(() => {
      clearTimeout(settling);
      const since = cutSince.value;
      if (since === null || !caughtUp.value) return;
      // Topics that were resumed say what they missed right after the welcome; one word about all of it, not about the first.
      settling = setTimeout(() => {
        cutSince.value = null;
        tell(difference(before, hub.conversations.peek(), hub.me.peek().id, own, left), since);
      }, 1_000);
    }),
  ];
  return () => {
    clearTimeout(settling);
    cutSince.value = null;
    for (const end of ends) end();
  };
}
