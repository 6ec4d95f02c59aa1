// What goes out and what comes back: a message that was refused, a conversation that was handed on, a page that is offered.

import { describe, expect, it } from "vitest";
import { toasts } from "../state/toasts";
import { all, find, open, press, settle, stage, text, write } from "../testing/stage";
import { day, id, ME, QUEUE, SECOND_QUEUE } from "../testing/people";
import type { Setting } from "../testing/fake";

stage();

const first = async (more: Partial<Setting> = {}) => {
  const fake = await open({ ...day({ mine: 1 }), ...more });
  find(".talk-row").click();
  await settle();
  return fake;
};
const refusing = (code: string, message: string): Partial<Setting> => ({
  answer: (frame) => (frame.t === "reply" ? { t: "refused", code, message, client_id: frame.id } : undefined),
});

describe("a message that was not sent", () => {
  it.each([
    ["closed", "this conversation is closed; reopen it to answer"],
    ["not_yours", "Benedikt serves this conversation; leave a note, or ask for a transfer"],
    ["bad_frame", "frame: expected at most 8000 characters"],
  ])("says why (%s), and is written anew with what stands there already", async (code, why) => {
    const fake = await first(refusing(code, why));
    write("textarea", "The words I chose with care");
    await press("Enter", find("textarea"));
    expect(find(".said-problem").textContent!.toLowerCase()).toContain(why.toLowerCase());
    expect(all(".said-problem button").map((one) => one.textContent)).toEqual(["Try again", "Edit", "Discard"]);
    write("textarea", "and meanwhile");
    await settle();
    all(".said-problem button")[1]!.click();
    await settle();
    expect(find<HTMLTextAreaElement>("textarea").value).toBe("and meanwhile\nThe words I chose with care");
    expect(find(".said-problem")).toBeNull();
    expect(fake.heard.filter((frame) => frame.t === "reply")).toHaveLength(1);
  });

  it("is still there, with its three ways out, after a reload", async () => {
    await first(refusing("closed", "this conversation is closed"));
    write("textarea", "Kept");
    await press("Enter", find("textarea"));
    expect(JSON.parse(Object.entries({ ...localStorage }).find(([key]) => key.startsWith("hub.outbox."))![1] as string)).toMatchObject([{ state: "refused", command: { text: "Kept" } }]);
  });

  it("is kept while the line is cut, says so, and goes out once when it is back", async () => {
    const fake = await first();
    fake.reachable = false;
    fake.cut();
    await settle();
    write("textarea", "Through the gap");
    await press("Enter", find("textarea"));
    expect(text(".said-state").at(-1)).toContain("Kept here until the line is back");
    fake.reachable = true;
    find(".banner button").click();
    await settle();
    await settle();
    expect(fake.heard.filter((frame) => frame.t === "reply")).toHaveLength(1);
  });
});

describe("handing over", () => {
  it("is done by keys alone, tells how it is there, and is taken back", async () => {
    const fake = await first({ queues: [{ id: SECOND_QUEUE, name: "Returns", waiting: 3, here: 1 }, { id: QUEUE, name: "Shop", waiting: 0 }] });
    await press("m");
    await settle();
    expect(all(".choice").map((one) => one.textContent)).toEqual([
      expect.stringContaining("Aiko Tanabe"), expect.stringMatching(/Benedikt Okonkwo.*full, 4 of 4/), expect.stringContaining("Shop"), expect.stringMatching(/Returns.*3 wait · 1 is there/),
    ]);
    expect(all<HTMLInputElement>(".choice input").map((one) => one.disabled)).toEqual([false, true, false, false]);
    write("dialog input[type=search]", "ret");
    await settle();
    find("dialog form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await settle();
    const given = fake.heard.findLast((frame) => frame.t === "transfer");
    expect(given).toMatchObject({ queue: SECOND_QUEUE });
    toasts.value.at(-1)!.undo!();
    await settle();
    expect(fake.heard.findLast((frame) => frame.t === "untransfer")).toMatchObject({ conversation: id(100), command: given && "id" in given ? given.id : "" });
  });
});

describe("finishing", () => {
  it("leaves the focus on the next conversation, where keys go on working", async () => {
    await open(day({ mine: 2 }));
    for (const one of [0, 1]) (all(".talk-row")[one]!.click(), await settle());
    find(`#pane-${id(101)}`).focus();
    await press("x");
    find("dialog form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await settle();
    expect(document.activeElement).toBe(find(`#pane-${id(100)}`));
  });
});

describe("offering a page", () => {
  it("finds what was looked at before this tab was opened, by keys alone", async () => {
    const fake = await first({ pages: [{ url: "https://shop.example/care", title: "Care of stoneware", at: 1 }, { url: "https://shop.example/jobs", title: "Work with us", at: 1 }] });
    await press("o");
    await settle();
    write("dialog input[type=search]", "stoneware");
    await settle();
    expect(text(".choice .cut:first-child")).toEqual(["Care of stoneware"]);
    find("dialog form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await settle();
    expect(fake.heard.findLast((frame) => frame.t === "push")).toMatchObject({ url: "https://shop.example/care", title: "Care of stoneware", conversation: id(100) });
    expect(ME.id).toBe(id(1));
  });
});
