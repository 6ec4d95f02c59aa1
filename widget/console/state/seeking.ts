// Search while one types: asked a moment after the last key, and only the newest answer counts.

import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { SearchPage } from "../../wire/console";
import { api } from "./api";

const PAUSE = 160;

export interface Seeking {
  readonly page: ReadonlySignal<SearchPage | null>;
  readonly state: ReadonlySignal<"idle" | "loading" | "failed">;
  more(): void;
}

/** What the words find; null before the first answer and without words. */
export function useSearch(words: string): Seeking {
  const page = useSignal<SearchPage | null>(null);
  const state = useSignal<"idle" | "loading" | "failed">("idle");
  const text = words.trim();
  useEffect(() => {
    page.value = text ? page.peek() : null;
    state.value = text ? "loading" : "idle";
    if (!text) return;
    let latest = true;
    const timer = setTimeout(() => {
      api.search(text, null).then(
        (found) => latest && ((page.value = found), (state.value = "idle")),
        () => latest && (state.value = "failed"),
      );
    }, PAUSE);
    return () => {
      latest = false;
      clearTimeout(timer);
    };
  }, [text]);
  const more = () => {
    const before = page.peek()?.next;
    if (!before || state.peek() === "loading") return;
    state.value = "loading";
    const had = page.peek()!;
    api.search(text, before).then(
      (found) => page.peek() === had && ((page.value = { ...found, talks: [...had.talks, ...found.talks], customers: had.customers ?? [], tagged: had.tagged ?? [] }), (state.value = "idle")),
      () => (state.value = "failed"),
    );
  };
  return { page, state, more };
}
