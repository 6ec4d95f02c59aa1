// A hub that plays in the page: topics, events and answers without a server, for tests and for looking at the design.
//
// It stands where the browser's WebSocket and fetch stand, so the console's own transport, feed and outbox are in play.
// `Fake.say` puts an item into a topic as the hub would; `cut` breaks the line.

import type { SheetPage } from "../../wire/sheet";
import type { CasePage, DecideCase } from "../../wire/cases";
import type {
  ConversationPage, FromTab, Gone, Item, Me, MessagePage, OperatorRow, PanelAnswer, PanelPage, QueueLoad, SearchPage, SitePage, TagUse,
  TimelinePage, ToTab, VisitPath, Welcome,
} from "../../wire/console";
import type { TrackingProblem } from "../../wire/console";
import { place } from "../state/topics";

export interface FakeTopic {
  n: number;
  epoch: string | null;
  items: Map<string, Item>;
  more: boolean;
  log: { n: number; item: Item }[];
}

export interface Setting {
  me: Me;
  signedIn?: boolean;
  sites?: string[];
  operators?: OperatorRow[];
  topics?: Record<string, Item[]>;
  more?: string[];
  closed?: ConversationPage;
  /** What a search finds. */
  found?: (words: string) => SearchPage;
  older?: MessagePage | ((query: URLSearchParams) => MessagePage);
  tags?: TagUse[];
  queues?: QueueLoad[];
  pages?: SitePage[];
  /** What the search inside a conversation finds. */
  hits?: (words: string) => number[];
  timeline?: TimelinePage;
  /** What stands beside a record, and what a plugin answers to a button. */
  beside?: PanelPage;
  pressed?: (path: string, body: unknown) => PanelAnswer;
  /** What the customer of any conversation said already. */
  sheet?: SheetPage;
  visit?: VisitPath;
  /** What a conversation goes on with; with what was decided, how that leaves it. */
  cases?: (conversation: string, decided: DecideCase | null) => CasePage;
  problems?: TrackingProblem[];
  signIn?: (body: { login: string; password: string }) => Response;
  /** How commands end; undefined answers `done`. */
  answer?: (frame: FromTab) => ToTab | null | undefined;
}

const EPOCH = "fake-epoch";
const isLive = (topic: string): boolean => topic === "visitors" || topic.startsWith("live:");

/** Whoever is told: a socket, or the box of frames behind held POSTs. */
interface Ear {
  follows: Set<string>;
  tell(frame: ToTab): void;
}

export class Fake {
  readonly heard: FromTab[] = [];
  /** Addresses of timelines that were asked for. */
  readonly timelines: string[] = [];
  readonly topics = new Map<string, FakeTopic>();
  sockets: FakeSocket[] = [];
  polls = new Map<string, FakePoll>();
  reachable = true;
  /** Whether WebSockets pass. */
  socketsPass = true;
  epoch = EPOCH;

  constructor(readonly setting: Setting) {
    for (const [name, items] of Object.entries(setting.topics ?? {})) for (const item of items) this.put(name, item);
    for (const name of setting.more ?? []) this.topic(name).more = true;
    for (const topic of this.topics.values()) topic.log = [];
  }

  /** Takes the place of WebSocket and fetch of this page. */
  install(): this {
    const fake = this;
    Object.assign(globalThis, {
      WebSocket: Object.assign(
        function (this: unknown) {
          return new FakeSocket(fake);
        },
        { OPEN: 1 },
      ),
      fetch: async (path: string, init?: RequestInit) => this.http(path, init),
    });
    return this;
  }

  topic(name: string): FakeTopic {
    const known = this.topics.get(name);
    if (known) return known;
    const topic: FakeTopic = { n: 0, epoch: isLive(name) ? this.epoch : null, items: new Map(), more: false, log: [] };
    this.topics.set(name, topic);
    return topic;
  }

  /** Puts an item into a topic and tells whoever follows it. */
  say(name: string, item: Item): void {
    const topic = this.put(name, item);
    for (const socket of [...this.sockets, ...this.polls.values()]) if (socket.follows.has(name)) socket.tell(event(name, topic, topic.n, item));
  }

  /** Every line ends, as when the network goes; `code` as the hub would close. */
  cut(code = 1006): void {
    for (const socket of [...this.sockets]) socket.end(code);
  }

  private put(name: string, item: Item): FakeTopic {
    const topic = this.topic(name);
    topic.n++;
    topic.log.push({ n: topic.n, item });
    if (item.k === "gone") drop(topic, item);
    else topic.items.set(place(item), item);
    return topic;
  }

  hear(socket: Ear, frame: FromTab): void {
    this.heard.push(frame);
    if (frame.t === "hello") return socket.tell(this.welcome());
    if (frame.t === "beat") return socket.tell({ t: "beat", now: Date.now() });
    const no = frame.t === "subscribe" && this.setting.answer?.(frame);
    if (no) return socket.tell(no);
    if (frame.t === "subscribe") return this.subscribe(socket, frame.topic, frame.n ?? null);
    if (frame.t === "unsubscribe") return void socket.follows.delete(frame.topic);
    if (!("id" in frame)) return;
    const answer = this.setting.answer?.(frame);
    if (answer !== null) socket.tell(answer ?? { t: "done", id: frame.id });
  }

  private welcome(): Welcome {
    const { me, sites = [], operators = [] } = this.setting;
    return { t: "welcome", me, epoch: this.epoch, now: Date.now(), beat: 25, sites, queues: me.queues ?? [], operators };
  }

  private subscribe(socket: Ear, name: string, from: number | null): void {
    const topic = this.topic(name);
    socket.follows.add(name);
    if (from !== null && from >= topic.n - topic.log.length) {
      for (const { n, item } of topic.log) if (n > from) socket.tell(event(name, topic, n, item));
    } else if (from !== null) socket.tell({ t: "resync", topic: name });
    else socket.tell({ t: "snapshot", topic: name, n: topic.n, items: [...topic.items.values()], epoch: topic.epoch, more: topic.more });
  }

  private async poll(init: RequestInit): Promise<Response> {
    const { socket, after, frames } = JSON.parse(String(init.body)) as { socket: string | null; after: number; frames: FromTab[] };
    const name = socket ?? `poll-${this.polls.size}`;
    if (socket && !this.polls.has(socket)) return new Response("{}", { status: 410 });
    const poll = this.polls.get(name) ?? new FakePoll();
    this.polls.set(name, poll);
    poll.forget(after);
    for (const frame of frames) this.hear(poll, frame);
    if (!frames.length && !poll.frames.length) await poll.something(init.signal);
    return new Response(JSON.stringify({ socket: name, frames: poll.frames }));
  }

  private async http(path: string, init?: RequestInit): Promise<Response> {
    const { setting } = this;
    if (!this.reachable) throw new TypeError("Failed to fetch");
    const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
    if (path === "/console/poll") return this.poll(init!);
    if (path === "/api/me") return setting.signedIn === false ? json({ error: { code: "signed_out", message: "Sign in first." } }, 401) : json(setting.me);
    if (path === "/api/sign-in") return setting.signIn?.(JSON.parse(String(init?.body))) ?? json(setting.me);
    if (path === "/api/me/choices") return json(JSON.parse(String(init?.body)));
    if (path === "/api/sign-out") return json({});
    if (path.startsWith("/api/search?")) return json(setting.found?.(new URL(path, "http://hub").searchParams.get("q") ?? "") ?? { talks: [] });
    if (path === "/api/tags") return json({ items: setting.tags ?? [] });
    if (path.startsWith("/api/sites/")) return json({ items: setting.pages ?? [] });
    if (path === "/api/queues") return json({ items: setting.queues ?? [] });
    if (/\/find\?q=/.test(path)) return json({ hits: setting.hits?.(decodeURIComponent(path.split("q=")[1]!)) ?? [] });
    if (path.startsWith("/api/conversations?")) return json(setting.closed ?? { items: [] });
    if (path.endsWith("/sheet")) return json(setting.sheet ?? { facts: [], answers: [] });
    if (path.endsWith("/case")) {
      const none: CasePage = { members: [], proposals: [], steps: [], likely: 0.5 };
      return json(setting.cases?.(path.split("/")[3]!, init?.body ? (JSON.parse(String(init.body)) as DecideCase) : null) ?? none);
    }
    if (path.startsWith("/api/conversations/") && path.includes("/messages")) return json((typeof setting.older === "function" ? setting.older(new URL(path, "http://hub").searchParams) : setting.older) ?? { items: [], more: false });
    if (path.startsWith("/api/customers/") && path.includes("/panels")) return init?.method === "POST" ? json(setting.pressed?.(path, JSON.parse(String(init.body)))) : json(setting.beside ?? { panels: [] });
    if (path.startsWith("/api/customers/")) this.timelines.push(path);
    if (path.startsWith("/api/customers/")) return json(setting.timeline ?? { items: [] });
    if (path.startsWith("/api/visits/")) return json(setting.visit ?? { visit: "", pages: [] });
    if (path === "/api/tracking/problems") return json({ problems: setting.problems ?? [] });
    return json({ error: { code: "not_found", message: "No such page." } }, 404);
  }
}

function event(topic: string, { epoch }: FakeTopic, n: number, item: Item): ToTab {
  return { t: "event", topic, n, item, epoch };
}

function drop(topic: FakeTopic, { id }: Gone): void {
  for (const [key, item] of topic.items) if (item.id === id && item.k !== "customer") topic.items.delete(key);
}

/** The console's end of a socket to the fake hub; everything arrives one task later, as over a network. */
export class FakeSocket {
  readonly follows = new Set<string>();
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((close: { code: number; reason: string }) => void) | null = null;

  constructor(private readonly fake: Fake) {
    setTimeout(() => {
      if (!fake.reachable || !fake.socketsPass) return this.end(1006);
      this.readyState = 1;
      fake.sockets.push(this);
      this.onopen?.();
    });
  }

  send(text: string): void {
    const frame = JSON.parse(text) as FromTab;
    setTimeout(() => this.readyState === 1 && this.fake.hear(this, frame));
  }

  tell(frame: ToTab): void {
    const text = JSON.stringify(frame);
    setTimeout(() => this.readyState === 1 && this.onmessage?.({ data: text }));
  }

  close(): void {
    this.readyState = 3;
    this.fake.sockets = this.fake.sockets.filter((one) => one !== this);
  }

  end(code: number): void {
    this.close();
    this.onclose?.({ code, reason: "" });
  }
}

/** Numbered frames that wait for the next POST. */
export class FakePoll implements Ear {
  readonly follows = new Set<string>();
  frames: [number, ToTab][] = [];
  private last = 0;
  private wake = () => {};

  tell(frame: ToTab): void {
    this.frames.push([++this.last, frame]);
    this.wake();
  }

  forget(after: number): void {
    this.frames = this.frames.filter(([n]) => n > after);
  }

  something(signal: AbortSignal | null | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      this.wake = resolve;
      signal?.addEventListener("abort", () => reject(new DOMException("cut short", "AbortError")));
    });
  }
}
