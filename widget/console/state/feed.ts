// The topics this tab follows, each as a signal that views read.
//
// Views follow by name and count: two panes on one topic are one subscription. A topic nobody follows any more is kept
// subscribed for a few seconds (switching back and forth costs nothing) and remembered after that, so that coming back
// shows the old state at once and only asks for what is new.

import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Event, FromTab, Snapshot } from "../../wire/console";
import { fromSnapshot, step, type Topic } from "./topics";

const LINGER = 5_000;
const REMEMBERED = 40;

interface Followed {
  readonly name: string;
  readonly state: Signal<Topic | null>;
  /** Follow frames of the hub are waited for; further holes ask nothing more. */
  asking: boolean;
  /** The hub said that this tab may not follow it: nothing of it is to come. */
  refused: boolean;
  followers: number;
  subscribed: boolean;
  lingering: ReturnType<typeof setTimeout> | undefined;
}

export class Feed {
  private readonly topics = new Map<string, Followed>();
  /** Topics whose state is not known to be current (after a reconnect, until the hub has answered). */
  readonly behind = signal(0);

  constructor(private readonly send: (frame: FromTab) => boolean) {}

  /** The topic's state, null until its first snapshot. Call `unfollow` with the same name when done. */
  follow(name: string): ReadonlySignal<Topic | null> {
    const topic = this.topics.get(name) ?? this.begin(name);
    topic.followers++;
    clearTimeout(topic.lingering);
    if (!topic.subscribed) this.subscribe(topic);
    this.touch(topic);
    return topic.state;
  }

  unfollow(name: string): void {
    const topic = this.topics.get(name);
    if (!topic || --topic.followers > 0) return;
    topic.lingering = setTimeout(() => this.leave(topic), LINGER);
  }

  /** What is known of a topic without following it. */
  peek(name: string): Topic | null {
    return this.topics.get(name)?.state.peek() ?? null;
  }

  /** A line was opened: follow everything from where we are. `epoch` is that of the hub's process. */
  resume(epoch: string): void {
    for (const topic of this.topics.values()) {
      topic.subscribed = false;
      const state = topic.state.peek();
      if (state?.epoch && state.epoch !== epoch) topic.asking = false;
      if (topic.followers > 0) this.subscribe(topic, !state?.epoch || state.epoch === epoch);
    }
  }

  snapshot(frame: Snapshot): void {
    const topic = this.topics.get(frame.topic);
    if (!topic) return;
    topic.asking = false;
    topic.state.value = fromSnapshot(frame);
    this.count();
  }

  event(frame: Event): void {
    const topic = this.topics.get(frame.topic);
    if (!topic) return;
    const next = step(topic.state.peek(), frame);
    if (next.do === "put") {
      topic.asking = false;
      topic.state.value = next.topic;
      if (frame.item.k === "moved") this.recordsMoved();
    } else if (next.do === "restart") this.ask(topic, false);
    else if (next.do === "ask") this.ask(topic, true);
  }

  /** What we missed is gone: begin again. */
  resync(name: string): void {
    const topic = this.topics.get(name);
    if (!topic || topic.followers === 0) return;
    topic.asking = false;
    this.ask(topic, false);
  }

  /** The hub does not let us follow it; asked again on the next line. */
  refused(name: string): void {
    const topic = this.topics.get(name);
    if (!topic) return;
    topic.refused = true;
    this.count();
  }

  /** Asks once more for what has no state yet. */
  again(): void {
    for (const topic of this.topics.values()) if (topic.followers > 0 && !topic.state.peek()) this.subscribe(topic);
  }

  /** Records were merged or divided: whatever names customers may name others now, so it is read anew. Rare. */
  private recordsMoved(): void {
    for (const topic of this.topics.values())
      if (topic.followers > 0 && /^(customer|conversation|queue):/.test(topic.name)) this.ask(topic, false);
  }

  private ask(topic: Followed, onwards: boolean): void {
    if (topic.asking) return;
    this.subscribe(topic, onwards);
    topic.asking = true;
  }

  private begin(name: string): Followed {
    const topic = { name, state: signal(null), asking: false, refused: false, followers: 0, subscribed: false, lingering: undefined };
    this.topics.set(name, topic);
    return topic;
  }

  private subscribe(topic: Followed, onwards = true): void {
    const state = topic.state.peek();
    const from = onwards && state ? { n: state.n, ...(state.epoch ? { epoch: state.epoch } : {}) } : {};
    topic.asking = topic.refused = false;
    topic.subscribed = this.send({ t: "subscribe", topic: topic.name, ...from });
    this.count();
  }

  private leave(topic: Followed): void {
    if (topic.followers > 0) return;
    if (topic.subscribed) this.send({ t: "unsubscribe", topic: topic.name });
    topic.subscribed = false;
  }

  /** Most recently followed last; the longest forgotten go first. */
  private touch(topic: Followed): void {
    this.topics.delete(topic.name);
    this.topics.set(topic.name, topic);
    if (this.topics.size <= REMEMBERED) return;
    for (const old of this.topics.values()) {
      if (this.topics.size <= REMEMBERED) return;
      if (old.followers === 0 && !old.subscribed) this.topics.delete(old.name);
    }
  }

  private count(): void {
    let behind = 0;
    for (const topic of this.topics.values()) if (topic.followers > 0 && !topic.refused && !topic.state.peek()) behind++;
    this.behind.value = behind;
  }
}
