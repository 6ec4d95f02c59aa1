// The alarm as an operator meets it: the strip, its key, the cure, the rest, the test.

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { awake } from "../state/chime";
import { permission } from "../state/notify";
import { beQuiet, quietUntil } from "../state/quiet";
import { all, find, open, press, settle, stage, text } from "../testing/stage";
import { day, id, QUEUE, row } from "../testing/people";
import { spell } from "./alarm";

stage();
const waiting = (more = {}) => row(1, { status: "waiting", operator: null, operator_name: "", name: "Ana Ruiz", waiting_since: Date.now() - 50_000, ...more });
const seen = (fake: { heard: { t: string }[] }) => fake.heard.filter((frame) => frame.t === "seen");

class Shown {
  static permission: NotificationPermission = "granted";
  static all: Shown[] = [];
  static requestPermission = async () => (Shown.permission = "granted");
  closed = false;
  onclick: (() => void) | null = null;
  constructor(readonly title: string, readonly options: NotificationOptions) {
    Shown.all.push(this);
  }
  close() {
    this.closed = true;
  }
}

beforeEach(() => {
  Shown.all = [];
  Shown.permission = "granted";
  vi.stubGlobal("Notification", Shown);
  vi.spyOn(document, "hasFocus").mockReturnValue(false);
  awake.value = true;
});
afterEach(() => {
  beQuiet(null);
  vi.unstubAllGlobals();
});

it("says who waits until one has said that one has seen it", async () => {
  const fake = await open(day({ mine: 1 }));
  expect(find(".alarm")).toBeNull();
  fake.say(`queue:${QUEUE}`, waiting());
  await settle();
  expect(find(".alarm-words").textContent).toBe("Ana Ruiz is waiting.");
  expect(Shown.all.map((one) => one.title)).toEqual(["Ana Ruiz is waiting."]);
  await press("k");
  expect(seen(fake)).toEqual([{ t: "seen", conversation: id(101), id: expect.any(String) }]);
  fake.say(`queue:${QUEUE}`, waiting({ seen_at: Date.now(), seen_by: "Mara" }));
  await settle();
  expect(find(".alarm")).toBeNull();
  expect(Shown.all[0]!.closed).toBe(true);
  expect(document.title).toBe("(1) waiting · Touchpoint Hub");
});

it("ends when the conversation is opened", async () => {
  const fake = await open(day({ waiting: 1 }));
  expect(seen(fake)).toHaveLength(0);
  await press("j");
  expect(seen(fake)).toHaveLength(1);
});

it("tells when nobody came, and that the visitor knows", async () => {
  const fake = await open(day());
  fake.say(`queue:${QUEUE}`, waiting({ alarm: 2, told: true }));
  await settle();
  expect(find(".alarm.late .alarm-words").textContent).toBe("Nobody has answered Ana Ruiz. They have been told that nobody could answer so far.");
  expect(document.title).toBe("(1) nobody answers · Touchpoint Hub");
});

it("does not say of all what only one was told", async () => {
  const fake = await open(day());
  fake.say(`queue:${QUEUE}`, waiting({ alarm: 2, told: true }));
  fake.say(`queue:${QUEUE}`, row(2, { status: "waiting", operator: null, operator_name: "", waiting_since: Date.now() }));
  await settle();
  expect(find(".alarm-words").textContent).toBe("2 are waiting, Ana Ruiz the longest.");
});

it("leaves whoever is busy in peace until nobody came", async () => {
  const setting = day();
  const fake = await open({ ...setting, topics: { ...setting.topics, team: [{ k: "operator", id: id(1), name: "Mara", role: "operator", presence: "busy" }] } });
  fake.say(`queue:${QUEUE}`, waiting());
  await settle();
  expect(find(".alarm")).toBeNull();
  fake.say(`queue:${QUEUE}`, waiting({ alarm: 1 }));
  await settle();
  expect(find(".alarm")).not.toBeNull();
});

it("rests with an end that is shown, and the strip stays", async () => {
  const fake = await open(day());
  find<HTMLElement>(".bell").click();
  await settle();
  all<HTMLElement>("[role^=menuitem]").find((one) => one.textContent === "15 minutes")!.click();
  await settle();
  expect(quietUntil.value).toBeGreaterThan(Date.now() + 14 * 60_000);
  expect(text(".bell-left")).toEqual(["15 min"]);
  fake.say(`queue:${QUEUE}`, waiting());
  await settle();
  expect([find(".alarm") !== null, Shown.all.length]).toEqual([true, 0]);
});

it("says how long is left in few words", () => {
  expect([5, 60, 61, 5400, 7200].map(spell)).toEqual(["5 s", "1 min", "2 min", "90 min", "2 h"]);
});

it("says what is blocked and what to do, a moment later, until one waves it away", async () => {
  Shown.permission = "denied";
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
  await open(day());
  expect(find(".banner")).toBeNull();
  vi.advanceTimersByTime(4_100);
  vi.useRealTimers();
  await settle();
  expect(permission.value).toBe("denied");
  expect(find(".banner").textContent).toContain("Notifications are blocked.");
  all<HTMLElement>(".banner button").at(-1)!.click();
  await settle();
  expect(find(".banner")).toBeNull();
  expect(localStorage.getItem("hub.alarms.waived")).toBe('["denied"]');
});

it("tests each part and keeps what one answered", async () => {
  await open(day());
  find<HTMLElement>(".bell").click();
  await settle();
  all<HTMLElement>("[role^=menuitem]").at(-1)!.click();
  await settle();
  const parts = () => all<HTMLElement>(".tests li");
  expect(parts()).toHaveLength(8);
  expect(parts()[7]!.textContent).toContain("This browser has no push service here");
  parts()[0]!.querySelector("button")!.click(); // no AudioContext here: it cannot have been heard
  parts()[6]!.querySelector("button")!.click();
  await settle();
  expect(parts()[0]!.textContent).toContain("It does not reach you.");
  expect(Shown.all.map((one) => one.title)).toEqual(["This is a test"]);
  expect(parts()[6]!.textContent).toContain("Did you see it?");
  parts()[6]!.querySelectorAll<HTMLElement>(".test-ask button")[0]!.click();
  await settle();
  expect(parts()[6]!.textContent).toContain("It reaches you.");
  expect(JSON.parse(localStorage.getItem("hub.alarms.tested")!)).toMatchObject({ waiting: { ok: false }, notification: { ok: true } });
});
