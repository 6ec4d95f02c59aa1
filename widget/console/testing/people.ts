// People for the fake hub: a calm morning, a busy one, and the difficult names and texts that break layouts.

import type {
  Attachment, ConversationRow, Customer, HealthRow, Id, Item, Me, Message, OperatorRow, TimelineItem, VisitorRow,
} from "../../wire/console";
import type { Setting } from "./fake";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
export const QUEUE = "a".repeat(32);
export const SECOND_QUEUE = "b".repeat(32);

export const id = (n: number): Id => n.toString(16).padStart(32, "0");

export const ME: Me = {
  id: id(1), name: "Mara Lindqvist", login: "mara", role: "operator",
  queues: [{ id: QUEUE, name: "Shop" }, { id: SECOND_QUEUE, name: "Returns" }], presence: "available", limit: 4,
};

export const TEAM: OperatorRow[] = [
  { k: "operator", id: id(1), name: "Mara Lindqvist", role: "operator", presence: "available", load: 3, limit: 4, queues: [QUEUE, SECOND_QUEUE] },
  { k: "operator", id: id(2), name: "Benedikt Okonkwo", role: "operator", presence: "busy", load: 4, limit: 4, queues: [QUEUE, SECOND_QUEUE] },
  { k: "operator", id: id(3), name: "Aiko Tanabe", role: "admin", presence: "away", load: 0, limit: 4, queues: [QUEUE, SECOND_QUEUE] },
  { k: "operator", id: id(4), name: "Old Hand", role: "operator", presence: "offline", load: 0, limit: 4, queues: [QUEUE, SECOND_QUEUE] },
];

const NAMES = [
  "Ana Ruiz", "", "Jamal Okafor", "محمد عبد الرحمن الهاشمي", "Wolfgang Donaudampfschifffahrtsgesellschaftskapitän", "", "李小龙", "Zoë 🌻 Martin",
  "", "Priya Raghunathan", "Matti Meikäläinen", "",
];
const PAGES: [string, string][] = [
  ["Checkout", "https://shop.example/checkout"],
  ["Blue stoneware vase, 32 cm, hand-thrown", "https://shop.example/p/blue-vase"],
  ["Delivery and returns", "https://shop.example/help/returns"],
  ["Linen tablecloth, natural", "https://shop.example/p/linen"],
  ["Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz erklärt", "https://shop.example/p/gesetz"],
  ["مزهرية زرقاء مصنوعة يدويا", "https://shop.example/ar/p/vase"],
];
const LAST = [
  "Do you have it in size 38?", "Hello? I have been waiting for a while now", "The parcel says delivered but it is not here",
  "هل يمكنني تغيير عنوان التوصيل؟", "Die Bestellbestätigung ist nicht angekommen, obwohl ich die Adresse geprüft habe.", "thanks 🙏",
  "Can I pay on invoice?", "👍👍", "Is the shop open on Saturday?", "One more question about the vase", "Kiitos!", "hi",
];

export function row(n: number, more: Partial<ConversationRow> = {}): ConversationRow {
  const now = Date.now();
  return {
    k: "row", id: id(100 + n), queue: QUEUE, status: "open", customer: id(200 + n), name: NAMES[n % NAMES.length]!,
    level: (["verified", "observed", "asserted"] as const)[n % 3]!, channel: n % 5 === 2 ? "email" : "text", site: "demo-shop",
    opened: now - (n + 3) * MINUTE, seq: 8, operator: id(1), operator_name: ME.name, last_text: LAST[n % LAST.length]!,
    last_author: "visitor", last_at: now - (n + 1) * 40_000, waiting_since: now - (n + 1) * 23_000, unread: 1,
    visitor: id(300 + n), customer_cursors: { delivered: 5, read: 5 }, ...more,
  };
}

/** Every fourth lingers; the fates of invitations and carts take turns. */
export function visitor(n: number, more: Partial<VisitorRow> = {}): VisitorRow {
  const now = Date.now();
  const [title, url] = PAGES[(n * 7 + ((n * n) >> 3)) % PAGES.length]!;
  const cart = n % 3 === 1 ? { cart_value: 12.5 + ((n * 173) % 900), cart_count: 1 + (n % 4), currency: n % 4 ? "EUR" : "JPY" } : {};
  const lingers = n % 9 === 4 ? { lingering: now - ((n * 29) % 200) * 1000 } : {};
  const invitation = n % 7 === 6 ? { invitation: (["offered", "shown", "declined", "expired"] as const)[n % 4]! } : {};
  return {
    device: (["desktop", "phone", "desktop", "tablet", ""] as const)[n % 5]!, scroll: (n * 31) % 101, ...cart, ...lingers, ...invitation,
    ...(n % 5 === 1 ? { source: "newsletter", campaign: "Autumn glazes 2026" } : {}),
    k: "visitor", id: id(300 + n), visit: id(400 + n), customer: id(200 + n), name: NAMES[n % NAMES.length]!,
    level: (["verified", "observed", "asserted"] as const)[n % 3]!, site: "demo-shop", url, title, since: now - ((n * 37) % 250) * 1000,
    active_before: (n * 13) % 90, attentive: n % 4 !== 3, arrived: now - ((n * 91) % 1900) * 1000, pages: 1 + ((n * 7) % 12),
    visits: 1 + ((n * 5) % 4), referrer: n % 3 ? "" : "https://www.search.example/q?vase", language: ["en", "de", "ar", "fi"][n % 4]!, ...more,
  };
}

/** A picture, or any other file. */
export function file(n: number, more: Partial<Attachment> = {}): Attachment {
  return { id: id(9000 + n), name: "Riss am Rand, von oben.jpg", type: "image/jpeg", size: 318_200, url: `/file/${n}`, inline: true, width: 640, height: 400, ...more };
}

export function message(conversation: Id, seq: number, author: Message["author"], text: string, more: Partial<Message> = {}): Message {
  return {
    k: "message", id: id(5000 + seq * 7 + Number.parseInt(conversation.slice(-4), 16) * 1000), conversation, seq, author, text,
    at: Date.now() - (12 - seq) * 50_000, ...more,
  };
}

const LONG = "I bought the blue vase last Tuesday and I would like to tell you the whole story. ".repeat(50).slice(0, 4000);

function transcript(n: number): Message[] {
  const talk = id(100 + n);
  const name = NAMES[n % NAMES.length]!;
  const mine = { operator: id(1), name: ME.name };
  return [
    message(talk, 1, "visitor", n % 2 ? "Good morning!" : "Hello, I have a question about the blue vase.", { name, at: Date.now() - DAY - 40 * MINUTE }),
    message(talk, 2, "operator", "Good morning! Of course, ask away.", { ...mine, at: Date.now() - DAY - 39 * MINUTE }),
    message(talk, 3, "system", "taken", { kind: "system", name: "Mara" }),
    message(talk, 4, "visitor", n === 0 ? LONG : "Is it really 32 cm high? The picture makes it look smaller. See https://shop.example/p/blue-vase?colour=blue&size=32.", { name }),
    message(talk, 5, "operator", "It is. We measured it again this morning, base to rim.", mine),
    message(talk, 6, "operator", "Second one out of the kiln was 32.4, so yours may be a hair taller. I can set one aside for you until tonight if you like.", mine),
    message(talk, 7, "operator", "Second question today about the size: we should change the picture.", { ...mine, kind: "note" }),
    message(talk, 8, "visitor", LAST[n % LAST.length]!, { name }),
  ];
}

function record(n: number): Customer {
  const now = Date.now();
  const name = NAMES[n % NAMES.length]!;
  if (!name)
    return { k: "customer", id: id(200 + n), name, level: "observed", identifiers: [{ kind: "device", value: "d", level: "observed", status: "links", at: now }], touchpoints: 1 };
  return {
    k: "customer", id: id(200 + n), name, level: (["verified", "observed", "asserted"] as const)[n % 3]!, touchpoints: 7,
    fields: [
      { attribute: "name", chosen: { value: name, level: "verified", source: "shop account", at: now - 9 * DAY, rule: "verified before asserted" }, others: [{ value: name.split(" ")[0]!, level: "asserted", source: "chat", at: now - DAY }] },
      { attribute: "email", chosen: { value: "ana.ruiz@mail.example", level: "verified", source: "shop account", at: now - 9 * DAY } },
      { attribute: "phone", chosen: { value: "+34 600 123 456", level: "asserted", source: "chat", at: now - DAY } },
      { attribute: "city", chosen: { value: "Berlin", level: "observed", source: "order 1042", at: now - 30 * DAY } },
    ],
    identifiers: [
      { kind: "email", value: "ana.ruiz@mail.example", level: "verified", status: "links", at: now - 9 * DAY },
      { kind: "user_id", value: "demo-shop:8841", level: "verified", status: "links", at: now - 9 * DAY },
      { kind: "device", value: "x", level: "observed", status: "links", at: now - 9 * DAY },
      { kind: "device", value: "y", level: "observed", status: "links", at: now - DAY },
    ],
    why: [{ kind: "user_id", value: "demo-shop:8841" }, { kind: "email", value: "ana.ruiz@mail.example" }],
    decisions: [{ id: id(901), op: "same", author: "Benedikt Okonkwo", at: now - 2 * DAY, note: "She said so on the phone.", a: id(1), b: id(2) }],
  };
}

function touches(n: number): TimelineItem[] {
  const now = Date.now();
  const touch = (k: number, kind: string, title: string, at: number, more: Partial<TimelineItem> = {}): TimelineItem => ({
    k: "touch", id: id(7000 + n * 20 + k), kind, channel: kind === "email" ? "email" : "text", at, title, ...more,
  });
  return [
    touch(1, "visit", "Visit", now - 9 * MINUTE, { source: "demo-shop", detail: { visit: id(400 + n), pages: 7, seconds: 724, number: 3 } }),
    touch(2, "chat", "Chat about the blue vase", now - 4 * MINUTE, { source: "demo-shop", detail: { conversation: id(100 + n) } }),
    touch(3, "email", "Re: order 1042", now - 3 * DAY, { source: "info@shop.example" }),
    touch(4, "order", "", now - 30 * DAY, { source: "demo-shop", detail: { id: "1042", total: 84, currency: "EUR", items: [{ name: "Blue vase" }, { name: "Bowl" }] } }),
    touch(5, "call", "Missed call", now - 41 * DAY, { source: "+49 30 555 0100", channel: "voice" }),
    touch(6, "visit", "Visit", now - 41 * DAY, { source: "demo-shop", detail: { pages: 2, seconds: 61, number: 1 } }),
  ];
}

const HEALTH: HealthRow[] = [
  { k: "health", id: "plugin:text", kind: "plugin", state: "healthy", since: Date.now() - DAY },
  { k: "health", id: "connection:info", kind: "connection", state: "reconnect", reason: "The mail server refused the password. Enter the new one in hub.toml under [channels.info] and restart.", since: Date.now() - 20 * MINUTE },
  { k: "health", id: "plugin:faq", kind: "plugin", state: "enabled", since: Date.now() - DAY },
  { k: "health", id: "connection:shop-events", kind: "connection", state: "healthy", reason: "3 events refused since 22 Nov 06:10: track: event: expected a name, got nothing", since: Date.now() - DAY },
  { k: "health", id: "connection:crm", kind: "connection", state: "waiting", reason: "No answer for 30 s; trying again in 2 minutes.", since: Date.now() - 3 * MINUTE },
];

/** The hub with `mine` conversations of this operator, `waiting` unclaimed ones and `visitors` on the site. */
export function day({ mine = 0, waiting = 0, others = 0, visitors = 0, calm = false } = {}): Setting {
  const rows: ConversationRow[] = [];
  for (let n = 0; n < mine; n++) rows.push(row(n, calm || n === 2 ? { waiting_since: null, last_author: "operator", last_text: "It is. We measured it again.", unread: 0, customer_cursors: { delivered: 8, read: 6 } } : {}));
  for (let n = 0; n < waiting; n++)
    rows.push(row(mine + n, { status: "waiting", operator: null, operator_name: "", waiting_since: Date.now() - (n ? 12_000 * n : 72_000), unread: 2 }));
  for (let n = 0; n < others; n++) rows.push(row(mine + waiting + n, { operator: id(2), operator_name: "Benedikt Okonkwo", waiting_since: null }));
  const topics: Record<string, Item[]> = { [`queue:${QUEUE}`]: rows, [`queue:${SECOND_QUEUE}`]: [], team: TEAM, health: HEALTH };
  topics["visitors"] = Array.from({ length: visitors }, (_, n) => visitor(n, n < mine + waiting ? { conversation: id(100 + n), operator_name: n < mine ? "Mara" : "" } : {}));
  rows.forEach((one, n) => {
    topics[`conversation:${one.id}`] = [one, ...transcript(n)];
    topics[`customer:${one.customer}`] = [record(n), ...touches(n)];
    topics[`live:${one.id}`] = n === 1 ? [{ k: "typing", id: id(300 + n), who: "visitor", name: "", typing: true }] : n === 0 ? [{ k: "typing", id: id(2), who: "operator", name: "Benedikt Okonkwo", viewing: true }] : [];
  });
  for (let n = rows.length; n < visitors; n++) topics[`customer:${id(200 + n)}`] = [record(n), ...touches(n).slice(0, 2)];
  return {
    me: ME, sites: ["demo-shop"], operators: TEAM, topics,
    closed: { items: [row(20, { status: "closed", outcome: "resolved", waiting_since: null }), row(21, { status: "closed", outcome: "spam", waiting_since: null })] },
    problems: [3, 2, 1].map((n) => ({
      connection: "shop-events", n, at: Date.now() - (4 - n) * 7 * MINUTE, call: n === 2 ? "identify" : "track", message_id: `ajs-next-${n}f0c`,
      why: n === 2 ? "traits.email: expected an address, got “n/a”" : "event: expected a name, got nothing",
    })),
    visit: { visit: id(400), pages: PAGES.slice(0, 4).map(([title, url], n) => ({ title, url, at: Date.now() - (400 - n * 90) * 1000, active: 20 + n * 33, scroll: n * 28 })),
      events: [{ name: "search", at: Date.now() - 350_000, properties: { query: "vase 32 cm", results: 0 } }],
      cart: [{ name: "Blue stoneware vase, 32 cm", price: 84, quantity: 1 }, { name: "Breakfast bowl", price: 18.5, quantity: 4 }], cart_value: 158, currency: "EUR" },
  };
}
