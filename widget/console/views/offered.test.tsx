// The team's view says what visitors are offered, and why no more of it.

import { expect, it, vi } from "vitest";
import type { OfferRow } from "../../wire/console";
import { day, id, ME } from "../testing/people";
import { all, open, press, settle, stage, text } from "../testing/stage";

stage();

const shop: OfferRow = { k: "offer", id: "shop", name: "Shop", queue: id(7), why: "room", chat: true, voice: true, mail: true, seats: 8, free: 8 };
const shown = () => all(".team-offers > li > span").map((one) => one.getAttribute("aria-label"));

async function team() {
  const fake = await open({ ...day(), me: { ...ME, role: "admin" } });
  await press("g");
  await press("t");
  await vi.waitFor(() => expect(all(".team-people").length).toBe(1));
  await settle();
  fake.say("offers", shop);
  await vi.waitFor(() => expect(all(".team-offers").length).toBeGreaterThan(0), 5_000); // its chunk comes at first use
  return fake;
}

it("shows what goes as hands fill, and why", async () => {
  const fake = await team();
  expect(shown()).toEqual(["Call: offered", "Chat: offered", "Answer by e-mail: offered"]);
  expect(text(".team-offers + p")).toEqual(["Room for more chats: 8."]);
  fake.say("offers", { ...shop, voice: false, why: "few", free: 2 });
  await settle();
  expect(shown()).toEqual(["Call: not now", "Chat: offered", "Answer by e-mail: offered"]);
  fake.say("offers", { ...shop, voice: false, chat: false, why: "full", free: -2, waiting: 2 });
  await settle();
  expect(shown()).toEqual(["Call: not now", "Chat: not now", "Answer by e-mail: offered"]);
  expect(text(".team-offers + p")).toEqual(["All hands are full or promised. Waiting: 2."]);
});

it("says nothing of calls where there are none", async () => {
  const fake = await team();
  fake.say("offers", { ...shop, voice: null, chat: false, why: "nobody", seats: 0, free: 0 });
  await settle();
  expect(shown()).toEqual(["Chat: not now", "Answer by e-mail: offered"]);
  expect(text(".team-offers + p")).toEqual(["Nobody of the team is here."]);
});
