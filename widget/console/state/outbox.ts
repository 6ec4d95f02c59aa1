// Commands on their way: each has an id of our making, is sent again after every reconnect, and ends in `done` or
// `refused`. The hub carries out an id once, so sending twice is sending once.
//
// Messages are also kept on disk per operator and tab, so that a reload or a crash does not lose a word. Other commands
// are not: a "take" that is carried out an hour later, unasked, would do harm.

import { signal } from "@preact/signals";
import type { Done, FromTab, Refused, Reply } from "../../wire/console";
import { newId } from "./ids";
import { forget, recall, remember } from "./storage";

type Commands = Exclude<Extract<FromTab, { id: string }>, never>;
/** A command before it has its id. */
export type Wish = Commands extends infer C ? (C extends Commands ? Omit<C, "id"> : never) : never;

export interface Pending {
  readonly command: Commands;
  readonly at: number;
  /** `done` messages stay until their topic shows them; `refused` ones until they are sent again or discarded. */
  readonly state: "sending" | "done" | "refused";
  readonly problem?: string;
}

export class RefusedError extends Error {
  constructor(readonly frame: Refused) {
    super(frame.message);
  }
}

export class Outbox {
  readonly pending = signal<readonly Pending[]>([]);
  private readonly waiting = new Map<string, { done(frame: Done): void; refused(error: RefusedError): void }>();
  private readonly start: string;
  private readonly key: string;

  constructor(
    private readonly send: (frame: FromTab) => boolean,
    operator: string,
    tab: string,
  ) {
    this.start = `outbox.${operator}.`;
    this.key = this.start + tab;
    this.pending.value = unsent(recall<Pending[]>(this.key) ?? []);
  }

  /** Takes over what tabs that are gone left unsent. */
  adopt(tabs: readonly string[]): void {
    for (const tab of tabs.filter((one) => this.start + one !== this.key)) {
      const left = unsent(recall<Pending[]>(this.start + tab) ?? []);
      this.set([...this.pending.peek(), ...left]);
      forget(this.start + tab);
      for (const one of left) if (one.state === "sending") this.send(one.command);
    }
  }

  /** Sends it as soon as there is a line. Settles with the hub's answer. */
  run(wish: Wish): Promise<Done> {
    const command = { ...wish, id: newId() } as Commands;
    this.set([...this.pending.peek(), { command, at: Date.now(), state: "sending" }]);
    this.send(command);
    return new Promise((done, refused) => this.waiting.set(command.id, { done, refused }));
  }

  /** A line was opened. */
  resend(): void {
    for (const one of this.pending.peek()) if (one.state === "sending") this.send(one.command);
  }

  done(frame: Done): void {
    this.settle(frame.id, (one) => (one.command.t === "reply" ? { ...one, state: "done" } : null));
    this.waiting.get(frame.id)?.done(frame);
    this.waiting.delete(frame.id);
  }

  refused(frame: Refused): void {
    const id = frame.client_id;
    if (!id) return;
    if (frame.retry_after != null) return void setTimeout(() => this.again(id), frame.retry_after * 1000);
    this.settle(id, (one) => (one.command.t === "reply" ? { ...one, state: "refused", problem: frame.message } : null));
    this.waiting.get(id)?.refused(new RefusedError(frame));
    this.waiting.delete(id);
  }

  /** Try a refused or slow one once more, under the same id. */
  again(id: string): void {
    this.settle(id, (one) => ({ command: one.command, at: one.at, state: "sending" }));
    const one = this.pending.peek().find((each) => each.command.id === id);
    if (one) this.send(one.command);
  }

  /** Drop a message: it has arrived in its topic, or the operator discards it. */
  discard(id: string): void {
    this.settle(id, () => null);
  }

  /** The messages of a conversation that its topic does not show yet. */
  messages(conversation: string): { pending: Pending; reply: Reply }[] {
    const found: { pending: Pending; reply: Reply }[] = [];
    for (const pending of this.pending.value)
      if (pending.command.t === "reply" && pending.command.conversation === conversation)
        found.push({ pending, reply: pending.command });
    return found;
  }

  /** Forget all of it: signed out. */
  clear(): void {
    this.set([]);
  }

  private settle(id: string, change: (one: Pending) => Pending | null): void {
    const next: Pending[] = [];
    for (const one of this.pending.peek()) {
      const kept = one.command.id === id ? change(one) : one;
      if (kept) next.push(kept);
    }
    this.set(next);
  }

  private set(next: readonly Pending[]): void {
    this.pending.value = next;
    const messages = unsent(next);
    if (messages.length) remember(this.key, messages);
    else forget(this.key);
  }
}

function unsent(all: readonly Pending[]): Pending[] {
  return all.filter((one) => one.command.t === "reply" && one.state !== "done");
}
