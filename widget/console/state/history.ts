// A conversation's messages: the newest from the topic, older ones fetched page by page as the operator scrolls up.

import { useComputed, useSignal } from "@preact/signals";
import type { Message } from "../../wire/console";
import { tail } from "../views/lines";
import { api } from "./api";
import { useTopic } from "./hub";
import { itemsOf, oneOf } from "./topics";

export type Older = "idle" | "loading" | "failed";

export function useConversation(id: string) {
  const topic = useTopic(`conversation:${id}`);
  const older = useSignal<Message[]>([]);
  const state = useSignal<Older>("idle");
  const latest = useSignal(topic);
  latest.value = topic;
  const messages = useComputed(() => {
    const bySeq = new Map(older.value.map((message) => [message.seq, message]));
    for (const message of itemsOf(latest.value, "message")) bySeq.set(message.seq, message);
    return tail(bySeq.values());
  });
  const first = messages.value[0]?.seq ?? 1;

  const loadOlder = async () => {
    if (state.peek() === "loading" || first <= 1) return;
    state.value = "loading";
    try {
      const page = await api.messages(id, first);
      older.value = [...page.items, ...older.peek()];
      state.value = "idle";
    } catch {
      state.value = "failed";
    }
  };
  return {
    head: oneOf(topic, "row"),
    loaded: topic !== null,
    messages: messages.value,
    more: first > 1,
    older: state.value,
    loadOlder,
  };
}
