// Being called while the console is closed: whether this browser can be, whether it is, and the honest reason where not.
//
// The subscription is the browser's; the hub keeps it with the session. One that was left behind by another operator is
// ended here, so that nobody's customers ring in somebody else's pocket.

import { effect, signal } from "@preact/signals";
import { api, ApiError } from "./api";
import type { Hub } from "./hub";
import { askPermission, permission } from "./notify";
import { quietUntil } from "./quiet";
import { ringing } from "./ringing";
import { forget, recall, remember } from "./storage";
import { onLead, worker } from "./worker";

export type Closed =
  | { is: "asking" | "off" | "missing" | "apple" | "denied" }
  | { is: "on"; words: boolean }
  /** The hub, or the browser, says why not. */
  | { is: "hub" | "failed"; why: string };

export const closed = signal<Closed>({ is: "asking" });
const OWNER = "closed.owner";

/** Looks how things are, without asking anybody anything. */
export async function lookClosed(me: string): Promise<void> {
  const service = await pushService();
  if (!service) return void (closed.value = { is: onHomeScreen() ? "missing" : "apple" });
  try {
    const state = await api.webpush();
    if (!state.key) return void (closed.value = { is: "hub", why: state.why ?? "" });
    const mine = await service.getSubscription();
    if (mine && recall<string>(OWNER) !== me) await mine.unsubscribe();
    else if (mine && state.endpoint !== mine.endpoint) return await keep(me, mine, recall<boolean>("closed.words") ?? false);
    const on = mine !== null && state.endpoint === mine.endpoint;
    closed.value = on ? { is: "on", words: state.words ?? false } : { is: permission.peek() === "denied" ? "denied" : "off" };
  } catch (error) {
    closed.value = { is: "failed", why: error instanceof Error ? error.message : "" };
  }
}

/** Asks the browser, its push service and the hub, in this order. Only from a click. */
export async function callMe(me: string, words: boolean): Promise<void> {
  if (permission.peek() !== "granted") await askPermission();
  if (permission.peek() === "denied") return void (closed.value = { is: "denied" });
  const service = await pushService();
  if (!service) return void (closed.value = { is: "missing" });
  try {
    const { key, why } = await api.webpush();
    if (!key) return void (closed.value = { is: "hub", why: why ?? "" });
    await keep(me, await service.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) }), words);
  } catch (error) {
    closed.value = reason(error);
  }
}

export async function callMeNot(): Promise<void> {
  forget(OWNER);
  await (await pushService())?.getSubscription().then((mine) => mine?.unsubscribe(), () => null);
  await api.webpushEnd().catch(() => null); // the push service knows already; the hub hears it at the next push
  closed.value = { is: "off" };
}

/** For as long as the console is open; returns how to end it. */
export function startClosed(hub: Hub): () => void {
  const { id } = hub.me.peek();
  void lookClosed(id);
  const ends = [
    onLead((conversation) => hub.desk.open(conversation)),
    effect(() => {
      const until = quietUntil.value;
      if (closed.value.is === "on") void api.webpushQuiet(until ?? 0).catch(() => null);
    }),
    effect(() => {
      const still = new Set(ringing.value.map((row) => row.id));
      if (hub.loaded.value) void tidy(still);
    }),
  ];
  return () => ends.forEach((end) => end());
}

/** A notification about somebody who no longer waits is a lie. */
async function tidy(still: ReadonlySet<string>): Promise<void> {
  const shown = (await (await worker())?.getNotifications?.()) ?? [];
  for (const one of shown) {
    const about = (one.data as { conversation?: string } | null)?.conversation;
    if (about && !still.has(about)) one.close();
  }
}

async function keep(me: string, mine: PushSubscription, words: boolean): Promise<void> {
  const { endpoint, keys } = mine.toJSON();
  await api.webpushKeep({ endpoint: endpoint ?? "", key: keys?.["p256dh"] ?? "", auth: keys?.["auth"] ?? "", words });
  remember(OWNER, me);
  remember("closed.words", words);
  closed.value = { is: "on", words };
}

async function pushService(): Promise<PushManager | null> {
  return (await worker())?.pushManager ?? null;
}

/** Apple's phones push to apps on the home screen alone. */
const onHomeScreen = (): boolean => !/iphone|ipad/i.test(navigator.userAgent) || matchMedia("(display-mode: standalone)").matches;

/** A browser without a service of its maker refuses with an AbortError; one that may not, with a NotAllowedError. */
function reason(error: unknown): Closed {
  if (error instanceof ApiError) return { is: "failed", why: error.message };
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError") return { is: "denied" };
  return name === "AbortError" || name === "NotSupportedError" ? { is: "missing" } : { is: "failed", why: String(error) };
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(raw, (one) => one.charCodeAt(0));
}
