// Drafts of settings: what counts as a change, what the hub says to it, and what is kept.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { signal } from "@preact/signals";
import type { SettingsPage } from "../../wire/settings";
import type { Hub } from "./hub";
import { Settings } from "./settings";
import { targetOf } from "./waits";

const setting = (name: string, value: unknown, more = {}) => ({ name, value, source: "default" as const, default: value, ...more });
const LOOK = { name: "My shop", accent: "#2563eb", language: "en" };
const page = (n: number, ...settings: SettingsPage["sites"][0]["settings"]): SettingsPage => ({
  sites: [{ key: "shop", origins: [], settings, look: LOOK, opening: { open: true }, n, changes: n ? [{ id: `change-${n}`, at: 1, by: "Bo", settings: [] }] : [] }],
});
const FIRST = page(0, setting("name", "My shop"), setting("accent", "#2563eb", { locked: true, source: "file" }), setting("target_seconds", 90));

let asked: [string, unknown][];
let answers: (object | { status: number; body: object })[];
let settings: Settings;

beforeEach(async () => {
  vi.useFakeTimers();
  asked = [];
  answers = [FIRST];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    asked.push([path, init.body ? JSON.parse(String(init.body)) : null]);
    const next = answers.shift() as { status?: number; body?: object };
    return new Response(JSON.stringify(next.body ?? next), { status: next.status ?? 200 });
  });
  settings = new Settings({ siteNames: signal({}) } as unknown as Hub);
  await settings.load();
});
afterEach(() => vi.useRealTimers());

test("what is as it was is no change, and what is locked cannot be one", () => {
  settings.set("name", "Vases");
  settings.set("accent", "#000000");
  expect(settings.draft.value).toEqual({ name: "Vases" });
  expect(settings.value("name")).toBe("Vases");
  settings.set("name", "My shop");
  expect(settings.count.value).toBe(0);
});

test("the hub looks at a draft once a hand has rested, and only its word on the newest counts", async () => {
  answers = [{ look: { ...LOOK, name: "Vases" }, opening: { open: false } }];
  settings.set("name", "V");
  settings.set("name", "Vases");
  await vi.advanceTimersByTimeAsync(300);
  expect(asked.slice(1)).toEqual([["/api/settings/sites/shop/preview", { values: { name: "Vases" } }]]);
  expect(settings.previews.value["shop"]?.opening?.open).toBe(false);
  answers = [{ problems: { name: "expected at most 80 characters" } }];
  settings.set("name", "x".repeat(90));
  await vi.advanceTimersByTimeAsync(300);
  expect(settings.problems("name")).toEqual([["name", "expected at most 80 characters"]]);
});

test("what is kept is no draft any longer, and its change can be undone by its name", async () => {
  settings.set("name", "Vases");
  answers = [page(7, setting("name", "Vases", { source: "console", default: "My shop" }))];
  expect(await settings.save()).toEqual({ change: "change-7" });
  expect(asked.at(-1)).toEqual(["/api/settings/sites/shop", { values: { name: "Vases" }, seen: 0 }]);
  expect(settings.count.value).toBe(0);
  settings.set("name", null);
  expect(settings.value("name")).toBe("My shop");
});

test("a refusal keeps the draft and says where it is wrong", async () => {
  settings.set("name", "Vases");
  answers = [{ status: 400, body: { error: { code: "bad_request", message: "name: no", fields: { name: "no" } } } }];
  expect(await settings.save()).toEqual({ refused: "name: no" });
  expect(settings.draft.value).toEqual({ name: "Vases" });
  expect(settings.problem("name")).toBe("no");
});

test("the seconds after which an answer is late are the site's own", () => {
  expect([targetOf("shop"), targetOf("other"), targetOf(undefined)]).toEqual([90, 60, 60]);
});
