// The search inside one conversation: asked a moment after the last key, the newest hit first, and walked up and down.

import { computed, signal } from "@preact/signals";
import type { Id } from "../../wire/console";
import { api } from "./api";

const PAUSE = 160;

export class FindIn {
  readonly words = signal("");
  /** Numbers of the messages that fit, the newest first. */
  readonly hits = signal<readonly number[]>([]);
  /** There are more than the hub tells. */
  readonly more = signal(false);
  readonly at = signal(0);
  readonly state = signal<"idle" | "loading" | "failed">("idle");
  /** The hit under the eye; a new object for each step, so that going to the same one again shows it again. */
  readonly spot = computed(() => (this.hits.value.length ? { seq: this.hits.value[this.at.value]! } : null));
  private timer: ReturnType<typeof setTimeout> | undefined;
  private turn = 0;

  constructor(private readonly conversation: Id) {}

  type(words: string): void {
    this.words.value = words;
    const turn = ++this.turn;
    clearTimeout(this.timer);
    if (!words.trim()) return this.show([], false);
    this.state.value = "loading";
    this.timer = setTimeout(() => {
      api.find(this.conversation, words.trim()).then(
        (found) => turn === this.turn && this.show(found.hits, found.more ?? false),
        () => turn === this.turn && (this.state.value = "failed"),
      );
    }, PAUSE);
  }

  /** 1: to what was said before, -1: to what was said after; round and round. */
  walk(step: 1 | -1): void {
    const count = this.hits.value.length;
    if (count) this.at.value = (this.at.value + step + count) % count;
  }

  end(): void {
    this.turn++;
    clearTimeout(this.timer);
  }

  private show(hits: readonly number[], more: boolean): void {
    this.at.value = 0;
    this.hits.value = hits;
    this.more.value = more;
    this.state.value = "idle";
  }
}
