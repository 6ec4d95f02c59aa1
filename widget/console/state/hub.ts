// Everything of one signed-in operator, built in one place and handed to the views by context.
//
// A signed-out tab has no Hub; signing in makes a new one, so nothing of the last operator can linger.

import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { faces } from "../design/avatar";
import { createContext } from "preact";
import { useContext, useEffect, useMemo } from "preact/hooks";
import type {
  ConversationRow, EyeRow, Id, Item, Me, Mention, OperatorRow, Presence, QueueBrief, QueueRow, Refused, ToTab, VisitorRow,
} from "../../wire/console";
import { Canned } from "./canned";
import { setOffset } from "./clock";
import { Cursors } from "./cursors";
import { Desk } from "./desk";
import { Drafts } from "./drafts";
import { Feed } from "./feed";
import { Habits } from "./habits";
import { newId } from "./ids";
import { InboxState } from "./inbox";
import { needsSomebody } from "./floor";
import { Invites } from "./invites";
import { Outbox } from "./outbox";
import { Pages } from "./pages";
import { itemsOf, oneOf, type Topic } from "./topics";
import { Transport } from "./transport";
import { Uploads } from "./uploads";
import { Walk } from "./urgency";
import { Watched } from "./watched";
import { toast } from "./toasts";
import { targets } from "./waits";
import { t } from "../text";

export class Hub {
  readonly me;
  readonly sites = signal<string[]>([]);
  /** What the sites are called, by key. */
  readonly siteNames = signal<Readonly<Record<string, string>>>({});
  /** All queues of the hub: where a conversation can be handed to. Followed are only those of `me`. */
  readonly queues = computed<QueueBrief[]>(() => {
    const rows = this.queueRows.value.filter((queue) => queue.archived == null);
    return rows.length ? rows.sort((a, b) => a.name.localeCompare(b.name)).map(({ id, name }) => ({ id, name })) : this.welcomeQueues.value;
  });
  private readonly welcomeQueues = signal<QueueBrief[]>([]);
  readonly line: Transport;
  readonly feed: Feed;
  readonly outbox: Outbox;
  readonly drafts: Drafts;
  readonly cursors: Cursors;
  readonly desk: Desk;
  readonly pages = new Pages();
  readonly habits: Habits;
  readonly walk = new Walk();
  readonly invites: Invites;
  readonly inbox: InboxState;
  readonly uploads: Uploads;
  readonly canned: Canned;
  readonly watched: Watched;
  /** A welcome has come at least once: lists that are empty are empty, not loading. */
  readonly welcomed = signal(false);

  private readonly queueTopics = signal<ReadonlySignal<Topic | null>[]>([]);
  private readonly team: ReadonlySignal<Topic | null>;
  private readonly teams: ReadonlySignal<Topic | null>;
  private readonly floor: ReadonlySignal<Topic | null>;
  readonly health: ReadonlySignal<Topic | null>;
  private readonly suggested: ReadonlySignal<Topic | null>;
  private readonly calls: ReadonlySignal<Topic | null>;
  private readonly eyeTopics = signal<ReadonlySignal<Topic | null>[]>([]);
  private followed: string[] = [];

  constructor(me: Me, tab: string = newId()) {
    this.me = signal(me);
    this.desk = new Desk(me.id);
    this.line = new Transport(tab, (frame) => batch(() => this.take(frame)));
    const send = this.line.send.bind(this.line);
    this.feed = new Feed(send);
    this.outbox = new Outbox(send, me.id, tab);
    this.drafts = new Drafts(me.id);
    this.cursors = new Cursors(send);
    this.invites = new Invites(me.id);
    this.inbox = new InboxState(me.id);
    this.habits = new Habits(me.id);
    this.uploads = new Uploads({ get tooLarge() { return t("file.large"); }, get failed() { return t("file.failed"); } });
    this.team = this.feed.follow("team");
    this.teams = this.feed.follow("queues");
    this.floor = this.feed.follow("visitors");
    this.health = this.feed.follow("health");
    this.suggested = this.feed.follow("suggestions");
    this.calls = this.feed.follow(`mentions:${me.id}`);
    this.canned = new Canned(me.id, this.feed.follow("canned"), this.feed.follow(`canned:${me.id}`));
    this.watched = new Watched(this.feed.follow(`watching:${me.id}`));
    this.followQueues();
    effect(() => void (faces.value = new Map(this.operators.value.flatMap((one) => (one.picture ? [[one.id, one.picture]] : [])))));
    this.line.open();
  }

  /** Conversations of all my queues that are not closed, each once. */
  readonly conversations = computed<ConversationRow[]>(() => {
    const rows = new Map<Id, ConversationRow>();
    for (const topic of this.queueTopics.value)
      for (const row of itemsOf(topic.value, "row")) if (row.status !== "closed") rows.set(row.id, row);
    return [...rows.values()];
  });

  /** Colleagues who look at a conversation or type in it, by conversation. */
  readonly eyes = computed<ReadonlyMap<Id, EyeRow[]>>(() => {
    const found = new Map<Id, EyeRow[]>();
    for (const topic of this.eyeTopics.value)
      for (const eye of itemsOf(topic.value, "eye"))
        if (eye.operator !== this.me.value.id) found.set(eye.conversation, [...(found.get(eye.conversation) ?? []), eye]);
    return found;
  });

  /** The queues' snapshots have come. */
  readonly loaded = computed(() => this.queueTopics.value.every((topic) => topic.value !== null));

  readonly operators = computed<OperatorRow[]>(() => itemsOf(this.team.value, "operator"));

  /** Notes that call me and that I have not seen, by conversation. */
  readonly mentions = computed<ReadonlyMap<Id, Mention>>(() => new Map(itemsOf(this.calls.value, "mention").map((one) => [one.id, one])));
  readonly mentionsLoaded = computed(() => this.calls.value !== null);
  /** All queues, archived ones as well, and who serves them. */
  readonly queueRows = computed<QueueRow[]>(() => itemsOf(this.teams.value, "queue"));

  /** I am away because nobody touched any of my tabs. */
  readonly resting = computed(() => this.operators.value.some((one) => one.id === this.me.value.id && !!one.automatic));

  readonly visitors = computed<VisitorRow[]>(() => itemsOf(this.floor.value, "visitor"));

  /** How many are on the sites, and how many of them linger and have nobody. */
  readonly crowd = computed(() => this.visitors.value.length);
  readonly needy = computed(() => this.visitors.value.filter(needsSomebody).length);

  /** Pairs that may be one person: how many wait, and what colleagues have just decided. */
  readonly pairs = computed(() => oneOf(this.suggested.value, "suggestions"));

  readonly visitorsLoaded = computed(() => this.floor.value !== null);

  readonly presence = computed<Presence>(() => {
    const mine = this.operators.value.find((one) => one.id === this.me.value.id)?.presence;
    return mine && mine !== "offline" ? mine : (this.me.value.presence ?? "available");
  });

  /** Where a browser is now, by visitor id. */
  visitor(id: Id | null | undefined): VisitorRow | null {
    if (!id) return null;
    return (this.floor.value?.items.get(`visitor:${id}`) as VisitorRow | undefined) ?? null;
  }

  /** Ends the line; what was written stays on disk for the next sign-in. */
  close(): void {
    this.line.close();
    this.drafts.close();
  }

  private take(frame: ToTab): void {
    if (frame.t === "snapshot") this.feed.snapshot(frame), this.noted(frame.topic, frame.items);
    else if (frame.t === "event") {
      this.feed.event(frame);
      if (frame.item.k === "gone" && frame.item.id === frame.topic) this.lost(frame.topic);
      else this.noted(frame.topic, [frame.item]);
    }
    else if (frame.t === "resync") this.feed.resync(frame.topic);
    else if (frame.t === "done") this.outbox.done(frame);
    else if (frame.t === "refused") this.refused(frame);
    else if (frame.t === "beat") setOffset(this.line.offset.value);
    else if (frame.t === "you") {
      this.me.value = frame.me;
      this.followQueues();
    }
    else if (frame.t === "welcome") {
      setOffset(this.line.offset.value);
      this.me.value = frame.me;
      this.sites.value = frame.sites ?? [];
      this.siteNames.value = frame.site_names ?? {};
      targets.value = frame.site_targets ?? {};
      this.welcomeQueues.value = frame.queues ?? frame.me.queues ?? [];
      this.followQueues();
      this.feed.resume(frame.epoch);
      this.outbox.resend();
      this.cursors.resume();
      this.welcomed.value = true;
    }
  }

  private noted(topic: string, items: readonly Item[]): void {
    if (topic === "visitors") for (const item of items) if (item.k === "visitor") this.pages.note(item);
  }

  /** A topic is none of ours any longer: what it was about went to another team. */
  private lost(topic: string): void {
    const [kind, id = ""] = topic.split(":");
    if (kind !== "conversation" || !this.desk.panes.peek().some((pane) => pane.id === id)) return;
    this.desk.putAway(id);
    toast(t("pane.lost"));
  }

  /** A refusal without a command's id is about a topic; where waiting helps, those without a state are asked again. */
  private refused(frame: Refused): void {
    if (frame.client_id) this.outbox.refused(frame);
    else if (frame.retry_after != null) setTimeout(() => this.feed.again(), frame.retry_after * 1000);
    else if (frame.fields?.topic) this.feed.refused(frame.fields.topic);
  }

  private followQueues(): void {
    const wanted = (this.me.value.queues ?? []).map((queue) => `queue:${queue.id}`);
    if (wanted.join() === this.followed.join()) return;
    this.queueTopics.value = wanted.map((name) => this.feed.follow(name));
    this.eyeTopics.value = wanted.map((name) => this.feed.follow(eyesOf(name)));
    for (const name of this.followed) this.feed.unfollow(name), this.feed.unfollow(eyesOf(name));
    this.followed = wanted;
  }
}

const eyesOf = (queue: string): string => queue.replace("queue:", "eyes:");

export const HubContext = createContext<Hub | null>(null);

/** The visitor on the sites now, or null; drawn anew only when their own row changes. */
export function useVisitor(id: Id | null | undefined): VisitorRow | null {
  const hub = useHub();
  return useMemo(() => computed(() => hub.visitor(id)), [hub, id]).value;
}

export function useHub(): Hub {
  const hub = useContext(HubContext);
  if (!hub) throw new Error("useHub outside of a signed-in console");
  return hub;
}

const NOTHING = signal<Topic | null>(null);

/** Follows a topic as long as the view is there; null while there is no name or no snapshot. */
export function useTopic(name: string | null): Topic | null {
  const { feed } = useHub();
  const state = useMemo(() => (name ? feed.follow(name) : NOTHING), [feed, name]);
  useEffect(() => (name ? () => feed.unfollow(name) : undefined), [feed, name]);
  return state.value;
}
