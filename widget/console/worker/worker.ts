// The console's worker: shows what was pushed to a closed browser, leads a click to the conversation, and stands in for the
// console's page where the hub cannot be reached. It keeps nothing: no cache, no data, no other request is touched.

import { awayPage, type Pushed, STYLE, told } from "./words";

interface Client { focused: boolean; visibilityState: string; focus(): Promise<Client>; postMessage(message: unknown): void }
interface Event_ { waitUntil(done: Promise<unknown>): void }
interface PushEvent_ extends Event_ { data: { json(): unknown } | null }
interface ClickEvent extends Event_ { notification: Notification }
interface FetchEvent_ extends Event_ { request: Request; respondWith(answer: Promise<Response>): void }
interface Scope {
  addEventListener(name: "install" | "activate", listen: (event: Event_) => void): void;
  addEventListener(name: "push", listen: (event: PushEvent_) => void): void;
  addEventListener(name: "notificationclick", listen: (event: ClickEvent) => void): void;
  addEventListener(name: "fetch", listen: (event: FetchEvent_) => void): void;
  skipWaiting(): Promise<void>;
  registration: ServiceWorkerRegistration;
  clients: { claim(): Promise<void>; matchAll(which: object): Promise<Client[]>; openWindow(url: string): Promise<Client | null> };
}

const here = globalThis as unknown as Scope;
const windows = () => here.clients.matchAll({ type: "window", includeUncontrolled: true });

here.addEventListener("install", (event) => event.waitUntil(here.skipWaiting()));
here.addEventListener("activate", (event) => event.waitUntil(here.clients.claim()));
here.addEventListener("push", (event) => event.waitUntil(show(event.data)));
here.addEventListener("notificationclick", (event) => event.waitUntil(lead(event.notification)));
here.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate" && new URL(event.request.url).pathname === "/") event.respondWith(fetch(event.request).catch(away));
});

async function show(data: { json(): unknown } | null): Promise<void> {
  let push: Pushed;
  try {
    push = data?.json() as Pushed;
  } catch {
    return; // not ours
  }
  // Who has the console before their eyes sees and hears it there.
  if (push.kind === "waits" && (await windows()).some((one) => one.focused)) return;
  const { title, body, tag, conversation } = told(push, navigator.languages);
  const more = { renotify: true, requireInteraction: true };
  await here.registration.showNotification(title, { body, tag, data: { conversation }, icon: "/icons/round-192.png", ...more });
}

async function lead(clicked: Notification): Promise<void> {
  clicked.close();
  const conversation = (clicked.data as { conversation?: string } | null)?.conversation ?? "";
  const all = await windows();
  const one = all.find((each) => each.visibilityState === "visible") ?? all[0];
  if (!one) return void (await here.clients.openWindow(conversation ? `/#desk/${conversation}` : "/"));
  await one.focus();
  if (conversation) one.postMessage({ open: conversation });
}

/** The policy names this page's one sheet by its content; nothing else may be in it. */
async function away(): Promise<Response> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(STYLE)));
  const policy = `default-src 'none'; style-src 'sha256-${btoa(String.fromCharCode(...hash))}'`;
  const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", "content-security-policy": policy };
  return new Response(awayPage(navigator.languages), { status: 503, headers });
}
