// What an operator has begun to write, per conversation. It survives switching, reload and crash, and two tabs agree.

import { type Signal, signal } from "@preact/signals";
import { forget, keys, recall, remember } from "./storage";

export interface Draft {
  text: string;
  note: boolean;
  at: number;
  /** Colleagues who were chosen from the list. */
  mentions?: string[];
}

const KEEP = 30 * 24 * 3600 * 1000;

export class Drafts {
  private readonly start: string;
  /** By conversation; a missing one is empty. */
  readonly all: Signal<ReadonlyMap<string, Draft>>;

  constructor(operator: string, now: number = Date.now()) {
    this.start = `draft.${operator}.`;
    this.all = signal(this.load(now));
    addEventListener("storage", this.elsewhere);
  }

  get(conversation: string): Draft | null {
    return this.all.peek().get(conversation) ?? null;
  }

  /** Keeps it at once: the next line of code may be a crash. */
  set(conversation: string, text: string, note: boolean, mentions: readonly string[] = []): void {
    const next = new Map(this.all.peek());
    if (text || note) {
      const draft = { text, note, at: Date.now(), ...(mentions.length ? { mentions: [...mentions] } : {}) };
      next.set(conversation, draft);
      remember(this.start + conversation, draft);
    } else {
      next.delete(conversation);
      forget(this.start + conversation);
    }
    this.all.value = next;
  }

  close(): void {
    removeEventListener("storage", this.elsewhere);
  }

  private load(now: number): Map<string, Draft> {
    const found = new Map<string, Draft>();
    for (const key of keys(this.start)) {
      const draft = recall<Draft>(key);
      if (draft && now - draft.at < KEEP) found.set(key.slice(this.start.length), draft);
      else forget(key);
    }
    return found;
  }

  private elsewhere = (event: StorageEvent): void => {
    if (event.key === null || event.key.startsWith(`hub.${this.start}`)) this.all.value = this.load(Date.now());
  };
}
