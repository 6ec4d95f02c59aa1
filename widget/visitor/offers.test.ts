// What a page shows as the offer changes: a message is asked for when hands are full, and nothing that runs is taken away.

import { beforeEach, expect, test, vi } from "vitest";
import type { FeatureOffer, SiteLook, Talk } from "../wire/visitor.ts";
import type { Desk } from "./desk.ts";
import { el, icon, on, press, write } from "./dom.ts";
import features from "./features.ts";
import form from "./form.ts";
import type { Words } from "./sentences.ts";
import { forgetful, talk } from "./testing.ts";
import { fill } from "./texts.ts";

let site: Partial<SiteLook>;
let offers: FeatureOffer[];
let state: Talk | null;
let opening: { invitation?: string };
let shelf: HTMLElement;
let desk: Desk;
const words = new Proxy({ locale: "en" }, { get: (known, name) => Reflect.get(known, name) ?? `${String(name)}` }) as unknown as Words;
const notes = forgetful();
const script = "data:text/javascript,export default (page) => page.on('heard', (data) => { page.mount().textContent = data; })";

beforeEach(() => {
  site = { attended: true, answers: ["here", "email"] };
  offers = [{ name: "voice", label: "Call us", script }];
  state = null;
  opening = {};
  shelf = document.createElement("div");
  desk = {
    el, icon, on, press, write, fill, notes, style() {}, guard: (work: unknown) => work, send: () => true, origin: "http://hub.test", texts: { unavailable: "Not now" },
    live: () => state, entries: () => [], room: () => ({ talk: state }), opening: () => opening, around: () => ({ site, features: offers, up: true, ask: [] }),
    places: { shelf, input: document.createElement("textarea") },
  } as unknown as Desk;
});

const title = () => shelf.querySelector(".form:not([hidden]) .form-title")?.textContent ?? null;
const label = () => shelf.querySelector(".offer")?.textContent ?? null;

test("when hands are full a message is asked for, and no longer when one is free", () => {
  const { update } = form(desk, words);
  update();
  expect(title()).toBe(null);
  site = { ...site, full: true };
  update();
  expect(title()).toBe("all_busy");
  site = { ...site, full: false };
  update();
  expect(title()).toBe(null);
});

test("nobody there is something else than everybody busy", () => {
  const { update } = form(desk, words);
  site = { ...site, attended: false };
  update();
  expect(title()).toBe("nobody");
  site = { ...site, attended: true, full: true };
  update();
  expect(title()).toBe("all_busy");
});

test.each([["waiting", talk({ status: "waiting" })], ["open", talk()]] as const)("whose talk is %s is asked for nothing when hands are full", (_, now) => {
  const { update } = form(desk, words);
  state = now;
  site = { ...site, full: true };
  update();
  expect(title()).toBe(null);
  expect(shelf.querySelector(".came")?.textContent).toBe("");
});

test("who was invited is not sent away", () => {
  const { update } = form(desk, words);
  opening = { invitation: "a" };
  site = { ...site, full: true };
  update();
  expect(title()).toBe(null);
});

test("who left a message is told where the answer comes, as long as hands are full", () => {
  const { update } = form(desk, words);
  notes.set("answer", JSON.stringify({ by: "email", to: "v@example.com" }));
  state = talk({ status: "waiting" });
  site = { ...site, full: true };
  update();
  expect(shelf.querySelector(".came")?.textContent).toBe("come_email");
});

test("a feature that is not offered any longer goes, and comes back", () => {
  const { update } = features(desk);
  update();
  expect(label()).toBe("Call us");
  offers = [];
  update();
  expect(label()).toBe(null);
  offers = [{ name: "voice", label: "Call us", script }];
  update();
  expect(label()).toBe("Call us");
});

test("a call that runs is not cut off because no further one is offered", async () => {
  const { update, frame } = features(desk);
  update();
  frame("voice.heard", "Hello?");
  const slot = () => shelf.querySelector(".slot")?.textContent;
  await vi.waitFor(() => expect(slot()).toBe("Hello?"));
  offers = [];
  update();
  frame("voice.heard", "Still there?");
  await vi.waitFor(() => expect(slot()).toBe("Still there?"));
});
