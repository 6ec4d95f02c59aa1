// A conversation's messages: the newest from the topic, older ones fetched page by page as the operator scrolls up. What lies
// far behind is shown as a stretch of its own, apart from the newest, until reading on has joined the two: nobody loads two
// thousand pages to see the first one.

import { useComputed, useSignal } from "@preact/signals";
import type { Message } from "../../wire/console";
import { tail } from "../views/lines";
import { api } from "./api";
import { useTopic } from "./hub";
import { itemsOf, oneOf } from "./topics";

export type Older = "idle" | "loading" | "failed";

/** Messages further back than this are not reached page by page. */
const NEAR = 300;
const AROUND = 25;

export function useConversation(id: string) {
  const topic = useTopic(`conversation:${id}`);
  const older = useSignal<readonly Message[]>([]);
  const apart = useSignal<readonly Message[] | null>(null);
  const state = useSignal<Older>("idle");
  const latest = useSignal(topic);
  latest.value = topic;
  const joined = useComputed(() => {
    const bySeq = new Map(older.value.map((message) => [message.seq, message]));
    for (const message of itemsOf(latest.value, "message")) bySeq.set(message.seq, message);
    return tail(bySeq.values());
  });
  const messages = useComputed(() => apart.value ?? joined.value);
  const first = (): number => messages.peek()[0]?.seq ?? 1;

  /** Fetches once at a time; what comes is put in by `put`. */
  const load = async (page: () => Promise<{ items: Message[] }>, put: (items: Message[]) => void): Promise<boolean> => {
    if (state.peek() === "loading") return false;
    state.value = "loading";
    try {
      put((await page()).items);
      state.value = "idle";
      return true;
    } catch {
      state.value = "failed";
      return false;
    }
  };
  const loadOlder = async (): Promise<boolean> => {
    const { value: stretch } = apart;
    if (first() <= 1) return false;
    return load(() => api.messages(id, first()), (items) => {
      if (stretch) apart.value = apart.peek() === stretch ? [...items, ...stretch] : apart.peek();
      else older.value = [...items, ...older.peek()];
    });
  };
  const loadNewer = async (): Promise<void> => {
    const stretch = apart.peek();
    if (!stretch) return;
    await load(() => api.messagesAfter(id, stretch.at(-1)!.seq), (items) => {
      if (apart.peek() !== stretch) return;
      const longer = [...stretch, ...items];
      const meets = (joined.peek()[0]?.seq ?? 1) <= longer.at(-1)!.seq + 1;
      if (meets || !items.length) older.value = [...longer, ...older.peek()];
      apart.value = meets || !items.length ? null : longer;
    });
  };
  /** Shows what is around a message: nearby by older pages, from further away at once. */
  const reach = async (seq: number): Promise<void> => {
    const from = joined.peek()[0]?.seq ?? 1;
    if (seq >= from) return void (apart.value = null);
    if (apart.peek()?.some((message) => message.seq === seq)) return;
    if (from - seq > NEAR) return void (await load(() => api.messages(id, seq + AROUND), (items) => (apart.value = items)));
    apart.value = null;
    while (first() > seq && (await loadOlder()));
  };
  return {
    head: oneOf(topic, "row"),
    loaded: topic !== null,
    messages: messages.value,
    /** The number of the very newest, wherever one reads. */
    newest: joined.value.at(-1)?.seq ?? 0,
    apart: apart.value !== null,
    more: first() > 1,
    older: state.value,
    loadOlder: () => void loadOlder(),
    loadNewer: () => void loadNewer(),
    reach: (seq: number) => void reach(seq),
    toNewest: () => void (apart.value = null),
  };
}
