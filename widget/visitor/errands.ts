/**
 * What the page tells, on its way to the hub: who the visitor is, events, the cart, and fields that were not accepted.
 *
 * Loaded with the first of them. Each stays here and in localStorage, in an entry of its own, until the hub says that
 * it has noted it; so the order that was placed a moment before the page went away still arrives. While the visitor
 * has not said whether they may be tracked nothing is stored, only held, and a no throws it away.
 *
 * Of a form only the name of the field is told, never what is in it.
 */

import type { Cart, CartLine, FromPage, Identify, ToPage, Track, Welcome } from "../wire/visitor.ts";
import type { Memory } from "./memory.ts";

export interface Errands {
  /** An event by name; 0 for the cart, 1 for who it is; nothing at all only wakes what an earlier page left. */
  add(name?: unknown, given?: unknown): void;
  heard(frame: ToPage): void;
  /** Somebody else sits here from now on. */
  clear(): void;
}

interface Surroundings {
  lasting: Memory;
  send(frame: FromPage): boolean;
  newId(): string;
  clip(text: string, limit: number): string;
  /** What the last welcome said; null before the first. */
  tracking(): Welcome["tracking"] | null;
}

interface Entry {
  frame: Track | Cart;
  at: number;
}

const NAME = "event:";
/** More than this is a page in a loop; the newest are dropped. */
const MOST = 100;
/** Milliseconds after which an event is no longer news. */
const STALE = 86_400_000;
/** Sendings on one page without an answer after which it is not tried again here. */
const TRIES = 3;
/** Bytes of a frame; at 64 KiB the hub hangs up, and would on every page that tries again. */
const HEAVY = 60_000;
/** Characters of a signed token. */
const LONGEST_TOKEN = 4_096;

export default function errands({ lasting, send, newId, clip, tracking }: Surroundings): Errands {
  const entries: Entry[] = left(lasting);
  const tries = new Map<string, number>();
  const told = new Set<string>(); // fields, once for each page
  let identity: Identify | undefined; // sent on every line that may be tracked until it is answered; never stored
  let held: ReturnType<typeof setTimeout> | undefined;
  let single = false; // too many at once: one by one from now on, each after the answer to the one before

  const drop = (id: string | null | undefined) => {
    const at = entries.findIndex(({ frame }) => frame.client_id === id);
    if (at < 0) return;
    entries.splice(at, 1);
    lasting.set(NAME + id, null);
    if (!entries.length) single = false;
  };
  const flush = () => {
    if (held || tracking() !== "on") return;
    for (const entry of entries) {
      const id = entry.frame.client_id;
      lasting.set(NAME + id, JSON.stringify(entry));
      const tried = tries.get(id) ?? 0;
      const underway = tries.has(`${id} now`);
      if (tried < TRIES && !underway && send(entry.frame)) tries.set(id, tried + 1).set(`${id} now`, 1);
      if (single && (underway || tries.has(`${id} now`))) return;
    }
  };
  const renew = () => {
    for (const { frame } of entries) tries.delete(`${frame.client_id} now`);
    flush();
  };
  const empty = () => {
    for (const { frame } of [...entries]) drop(frame.client_id);
  };

  // Who it is says more of a visitor than any page does: it waits for the same yes.
  const vouch = () => void (identity && tracking() === "on" && send(identity));
  const clear = () => {
    identity = undefined;
    empty();
  };

  const add = (name?: unknown, given?: unknown) => {
    if (name === 1) {
      const token = `${(given as { token?: unknown } | undefined)?.token}`;
      if (token.length > LONGEST_TOKEN) return console.warn("hub: identify was refused: this is no token");
      identity = { t: "identify", client_id: newId(), token };
      return vouch();
    }
    if (name === undefined || tracking() === "off" || entries.length >= MOST) return;
    const frame = name === 0 ? cartOf(given, newId(), clip) : eventOf(name, given, newId(), clip);
    if (heavy(frame)) return console.warn("hub: an event was refused: too large:", name);
    if (frame.t === "cart") for (const old of [...entries]) if (old.frame.t === "cart") drop(old.frame.client_id);
    if (frame.t === "track" && frame.name === "form_error") {
      const key = location.pathname + JSON.stringify(frame.properties);
      if (told.has(key)) return;
      told.add(key);
    }
    entries.push({ frame, at: Date.now() });
    flush();
  };

  const heard = (frame: ToPage) => {
    if (identity && "client_id" in frame && frame.client_id === identity.client_id) {
      identity = undefined;
      if (frame.t === "refused") console.warn("hub: identify was refused:", frame.message);
    } else if (frame.t === "welcome") vouch();
    if (frame.t === "noted") {
      drop(frame.client_id);
      if (single) flush();
    } else if (frame.t === "welcome") tracking() === "off" ? empty() : renew();
    else if (frame.t === "refused" && entries.some((entry) => entry.frame.client_id === frame.client_id)) {
      if (frame.retry_after == null) {
        console.warn("hub: an event was refused:", frame.message);
        drop(frame.client_id);
        return flush();
      }
      single = true;
      tries.delete(frame.client_id!);
      held ??= setTimeout(() => ((held = undefined), renew()), frame.retry_after * 1000);
    }
  };
  return { add, heard, clear };
}

function left(lasting: Memory): Entry[] {
  const found: Entry[] = [];
  for (const name of lasting.names(NAME)) {
    try {
      const entry: Entry = JSON.parse(lasting.get(name)!);
      if (entry.frame.client_id && Date.now() - entry.at < STALE) found.push(entry);
      else lasting.set(name, null);
    } catch {
      lasting.set(name, null);
    }
  }
  return found.sort((a, b) => a.at - b.at).slice(-MOST);
}

type Clip = Surroundings["clip"];

export function eventOf(name: unknown, given: unknown, client_id: string, clip: Clip): Track {
  const properties = given instanceof Element ? fieldOf(given) : plain(given);
  return { t: "track", client_id, name: clip(`${name}`, 80) || "event", properties };
}

/** Where a form said no: names only. */
const fieldOf = (field: Element): Record<string, unknown> => {
  const form = (field as HTMLInputElement).form;
  return { field: nameOf(field), form: form ? nameOf(form) : "" };
};
const nameOf = (element: Element) => (element.getAttribute("name") || element.id || element.localName).slice(0, 80);

/** A copy that is JSON and has no half characters. */
function plain(given: unknown): Record<string, unknown> {
  try {
    const copy = JSON.parse(JSON.stringify(given ?? {}).replace(/\\(\\|ud[89a-f]..)/gi, (all, what) => what === "\\" ? all : "\ufffd"));
    return copy && typeof copy === "object" && !Array.isArray(copy) ? copy : { value: copy };
  } catch {
    return {};
  }
}

/** `{items, value, currency}` as shops write it; what is no number counts as nothing, what is too much is cut. */
export function cartOf(given: unknown, client_id: string, clip: Clip): Cart {
  const { items, value, currency } = plain(given);
  const lines = (Array.isArray(items) ? items : []).slice(0, 200).map((item): CartLine => ({
    name: clip(`${item?.name ?? item?.sku ?? ""}`, 200),
    price: figure(item?.price, 1e9, 0),
    quantity: figure(item?.quantity ?? item?.qty, 1e6, 1),
    sku: clip(`${item?.sku ?? ""}`, 200),
    url: clip(`${item?.url ?? ""}`, 2_048),
  }));
  const sum = lines.reduce((total, { price = 0, quantity = 1 }) => total + price * quantity, 0);
  const code = `${currency ?? ""}`.toUpperCase();
  const cart: Cart = {
    t: "cart", client_id, items: lines,
    value: figure(value ?? Math.round(sum * 100) / 100, 1e9, 0),
    currency: /^[A-Z]{3}$/.test(code) ? code : "",
  };
  while (heavy(cart)) lines.splice(-10); // it is worth what all of it costs, and tells what fits
  return cart;
}

const heavy = (frame: Track | Cart) => new TextEncoder().encode(JSON.stringify(frame)).length > HEAVY;

const figure = (given: unknown, most: number, otherwise: number): number => {
  const number = given == null || given === "" ? NaN : Number(given);
  return Number.isFinite(number) && number >= 0 ? Math.min(number, most) : otherwise;
};
