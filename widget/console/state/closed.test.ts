// Being called while the console is closed: every way it cannot be is told apart, and a browser left behind calls nobody.

import { afterEach, beforeEach, expect, test, vi } from "vitest";

const subscription = { endpoint: "https://push.example/1", toJSON: () => ({ endpoint: "https://push.example/1", keys: { p256dh: "k", auth: "a" } }), unsubscribe: vi.fn(async () => true) };
let held: typeof subscription | null = null;
let subscribe: () => Promise<unknown>;
const asked: [string, unknown][] = [];
let hub: Record<string, unknown> = {};

async function load() {
  vi.resetModules();
  return { ...(await import("./closed")), ...(await import("./notify")) };
}

beforeEach(() => {
  localStorage.clear();
  asked.length = 0;
  held = null;
  hub = { key: "BAAA" };
  subscribe = async () => (held = subscription);
  subscription.unsubscribe.mockClear();
  vi.stubGlobal("Notification", { permission: "granted", requestPermission: async () => "granted" });
  const pushManager = { getSubscription: async () => held, subscribe: () => subscribe() };
  const registration = { pushManager, getNotifications: async () => [] };
  vi.stubGlobal("navigator", { userAgent: "Firefox", serviceWorker: { register: async () => registration, ready: Promise.resolve(registration), addEventListener() {}, removeEventListener() {} } });
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    asked.push([path, init.body ? JSON.parse(String(init.body)) : null]);
    return new Response(JSON.stringify(path === "/api/webpush" ? hub : {}));
  });
});
afterEach(() => vi.unstubAllGlobals());

test("switching on subscribes, and the hub keeps it", async () => {
  const { closed, callMe } = await load();
  await callMe("me", false);
  expect(closed.value).toEqual({ is: "on", words: false });
  expect(asked.at(-1)).toEqual(["/api/webpush/keep", { endpoint: "https://push.example/1", key: "k", auth: "a", words: false }]);
});

test.each([
  ["AbortError", { is: "missing" }],
  ["NotAllowedError", { is: "denied" }],
])("a browser that refuses with %s is told as it is", async (name, is) => {
  subscribe = () => Promise.reject(new DOMException("no", name));
  const { closed, callMe } = await load();
  await callMe("me", false);
  expect(closed.value).toEqual(is);
  expect(asked.map(([path]) => path)).not.toContain("/api/webpush/keep");
});

test("a browser without workers, and a hub that cannot push, say so", async () => {
  hub = { why: "the package is missing" };
  const first = await load();
  await first.lookClosed("me");
  expect(first.closed.value).toEqual({ is: "hub", why: "the package is missing" });
  vi.stubGlobal("navigator", { userAgent: "Firefox" });
  const second = await load();
  await second.lookClosed("me");
  expect(second.closed.value).toEqual({ is: "missing" });
});

test("a subscription that somebody else left behind is ended, one's own is kept with the new session", async () => {
  held = subscription;
  const { closed, lookClosed } = await load();
  localStorage.setItem("hub.closed.owner", '"other"');
  await lookClosed("me");
  expect(subscription.unsubscribe).toHaveBeenCalled();
  expect(closed.value).toEqual({ is: "off" });
  localStorage.setItem("hub.closed.owner", '"me"');
  await lookClosed("me");
  expect(closed.value).toEqual({ is: "on", words: false });
});

test("switching off tells the push service and the hub", async () => {
  const { closed, callMe, callMeNot } = await load();
  await callMe("me", true);
  await callMeNot();
  expect(subscription.unsubscribe).toHaveBeenCalled();
  expect(asked.at(-1)![0]).toBe("/api/webpush/end");
  expect(closed.value).toEqual({ is: "off" });
});
