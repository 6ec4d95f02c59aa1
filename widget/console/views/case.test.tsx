// What goes on with what: proposed with its reasons, joined and separated in one click, read and answered as one.

import { describe, expect, it } from "vitest";
import type { CasePage, DecideCase } from "../../wire/cases";
import type { Item } from "../../wire/console";
import { toasts, undoLast } from "../state/toasts";
import { day, id, ME, message, row } from "../testing/people";
import type { Setting } from "../testing/fake";
import { all, find, open, press, settle, stage, text, write } from "../testing/stage";

stage();

const QUEUE = Object.keys(day({ mine: 2 }).topics!).find((name) => name.startsWith("queue:"))!;
const MAIL = id(100);
const CHAT = id(101);
const now = Date.now();
const mail = row(0, { name: "Ana Ruiz", customer: id(200), channel: "email", visitor: null, last_text: "The parcel has not come", last_at: now - 900_000, waiting_since: null, unread: 0 });
const chat = row(1, { name: "Ana Ruiz", customer: id(200), visitor: null, last_text: "Any news?", last_at: now - 60_000, waiting_since: now - 60_000, unread: 1 });
const NONE: CasePage = { members: [], proposals: [], steps: [], likely: 0.5 };
const PROPOSED: CasePage = {
  ...NONE,
  proposals: [{ row: mail, probability: 0.87, reasons: [{ word: "code", weight: 2.2, shown: ["a44871"] }, { word: "late", weight: -0.4, shown: [] }] }],
};

async function desk(cases: Setting["cases"], joined = false) {
  const topics = day({ mine: 2 }).topics!;
  const second = joined ? { ...chat, case: MAIL } : chat;
  const queue = Object.keys(topics).find((name) => name.startsWith("queue:"))!;
  topics[queue] = [mail, second];
  topics[`conversation:${MAIL}`] = [mail, message(MAIL, 1, "visitor", "The parcel has not come", { at: now - 900_000 })] as Item[];
  topics[`conversation:${CHAT}`] = [second, message(CHAT, 1, "visitor", "Any news?", { at: now - 60_000 })] as Item[];
  const fake = await open({ ...day({ mine: 2 }), topics, ...(cases ? { cases } : {}) });
  await settle();
  return fake;
}
const rowOf = (words: string) => all(".talk-row").find((one) => one.textContent?.includes(words))!;
/** Until what is loaded on demand is there. */
async function come(selector: string) {
  for (let round = 0; round < 100 && !find(selector); round++) await settle();
  return find(selector);
}

describe("what is proposed", () => {
  it("says what it goes on with, how likely, and why", async () => {
    await desk((conversation) => (conversation === CHAT ? PROPOSED : NONE));
    rowOf("Any news?").click();
    const bar = await come(".case.likely");
    expect(bar.textContent).toContain("The parcel has not come");
    expect(bar.textContent).toContain("87");
    expect(text(".case-reasons li.for")).toEqual(["same number: a44871"]);
    expect(text(".case-reasons li.against")).toEqual(["long after"]);
  });

  it("is joined with one click, which can be taken back", async () => {
    const decided: [string, DecideCase][] = [];
    await desk((conversation, asked) => {
      if (asked) decided.push([conversation, asked]);
      return conversation === CHAT && !asked ? PROPOSED : NONE;
    });
    rowOf("Any news?").click();
    await come(".case.likely");
    all<HTMLButtonElement>(".case-acts button")[0]!.click();
    await settle();
    expect(decided).toEqual([[CHAT, { verdict: "join", other: MAIL }]]);
    expect(toasts.value.at(-1)?.undo).toBeDefined();
    expect(all(".pane").map((one) => one.id)).toEqual([`pane-${MAIL}`]);
    undoLast();
    await settle();
    expect(decided.at(-1)).toEqual([CHAT, { verdict: "split" }]);
  });

  it("goes away with a no", async () => {
    const decided: DecideCase[] = [];
    await desk((conversation, asked) => {
      if (asked) decided.push(asked);
      return conversation === CHAT && !asked ? PROPOSED : NONE;
    });
    rowOf("Any news?").click();
    await come(".case.likely");
    all<HTMLButtonElement>(".case-acts button")[1]!.click();
    await settle();
    expect(decided).toEqual([{ verdict: "decline", other: MAIL }]);
    expect(find(".case")).toBeNull();
  });

  it("shows nothing where there is nothing", async () => {
    await desk(undefined);
    rowOf("Any news?").click();
    await settle();
    expect(find(".case")).toBeNull();
  });
});

describe("one case", () => {
  const cases = () => ({ ...NONE, members: [mail, { ...chat, case: MAIL }] });

  it("is one row in the list, with the latest words", async () => {
    await desk(cases, true);
    expect(all(".talk-row")).toHaveLength(1);
    expect(find(".talk-row").textContent).toContain("Any news?");
  });

  it("is read as one thread and answered where the customer wrote last", async () => {
    const fake = await desk(cases, true);
    find(".talk-row").click();
    await come(".case.together");
    expect(text(".bubble")).toEqual(["The parcel has not come", "Any news?"]);
    write("textarea", "It comes tomorrow");
    await press("Enter", find("textarea"));
    expect(fake.heard.find((frame) => frame.t === "reply")).toMatchObject({ conversation: CHAT, text: "It comes tomorrow" });
  });

  it("grows on the desk of whoever has it open", async () => {
    let joined = false;
    const fake = await desk(() => (joined ? cases() : NONE));
    rowOf("The parcel").click();
    await settle();
    expect(text(".bubble")).toEqual(["The parcel has not come"]);
    joined = true;
    fake.say(QUEUE, { ...chat, case: MAIL });
    await come(".case.together");
    await settle();
    expect(text(".bubble")).toEqual(["The parcel has not come", "Any news?"]);
  });

  it("keeps a draft where it was begun when other words come in", async () => {
    const fake = await desk(cases, true);
    find(".talk-row").click();
    await come(".case.together");
    write("textarea", "It comes");
    await settle();
    fake.say(`conversation:${MAIL}`, { ...mail, seq: 2, last_at: Date.now(), last_author: "visitor" });
    await settle();
    expect(find<HTMLTextAreaElement>("textarea").value).toBe("It comes");
    expect(ME.name).toBeTruthy();
  });
});
