// Canned replies as an operator meets them: a slash, a filter, one key; and the place where they are kept.

import { describe, expect, it, vi } from "vitest";
import type { CannedReply } from "../../wire/console";
import { day, id, ME, row } from "../testing/people";
import { all, find, open, press, settle, stage, text, write } from "../testing/stage";

stage();

const reply = (n: number, shortcut: string, said: string, more: Partial<CannedReply> = {}): CannedReply => ({ k: "canned", id: id(7000 + n), shortcut, title: "", text: said, ...more });
const REPLIES = [
  reply(1, "hello", "Hello {{customer.first_name|there}}!", { title: "A greeting" }),
  reply(2, "returns", "You have 30 days."),
  reply(3, "who", "Is it {{page.title}} you mean?"),
];
const mine = () => reply(4, "bye", "Bye, {{operator.name}}", { owner: ME.id });

async function desk(admin = false, name = "Ana Ruiz") {
  const setting = day({ mine: 1 });
  const topics = { ...setting.topics, canned: REPLIES, [`canned:${ME.id}`]: [mine()] };
  topics[`conversation:${id(100)}`] = [row(0, { name, visitor: null }), ...topics[`conversation:${id(100)}`]!.slice(1)];
  const fake = await open({ ...setting, topics, me: { ...ME, role: admin ? "admin" : "operator" } });
  find(".talk-row").click();
  await settle();
  return fake;
}
const area = () => find<HTMLTextAreaElement>(".composer textarea");
async function type(words: string) {
  area().focus();
  area().setRangeText(words, area().selectionStart, area().selectionEnd, "end");
  area().dispatchEvent(new Event("input", { bubbles: true }));
  await settle();
}

describe("the list", () => {
  it("opens with a slash, filters, and puts several into one message", async () => {
    const fake = await desk();
    await type("/");
    expect(text(".picker-head b")).toEqual(["/bye", "/hello", "/returns", "/who"]);
    await type("hel");
    expect(text(".picker-head b")).toEqual(["/hello"]);
    await press("Enter", area());
    expect(area().value).toBe("Hello Ana! ");
    await type("/ret");
    await press("Enter", area());
    expect(area().value).toBe("Hello Ana! You have 30 days. ");
    await press("Enter", area());
    expect(fake.heard.at(-1)).toMatchObject({ t: "reply", text: "Hello Ana! You have 30 days." });
  });

  it("is walked with arrows, and tells where it is", async () => {
    await desk();
    await type("/");
    await press("ArrowDown", area());
    expect(area().getAttribute("aria-activedescendant")).toBe(find("[aria-selected=true]").id);
    expect(find("[aria-selected=true] b").textContent).toBe("/hello");
    await press("ArrowUp", area());
    await press("ArrowUp", area());
    expect(find("[aria-selected=true] b").textContent).toBe("/who");
  });

  it("leaves with Escape and lets the slash be a slash", async () => {
    const fake = await desk();
    await type("see /ret");
    await press("Escape", area());
    expect(all(".picker")).toHaveLength(0);
    expect(area().value).toBe("see /ret");
    await type("u");
    expect(all(".picker")).toHaveLength(0);
    await press("Enter", area());
    expect(fake.heard.at(-1)).toMatchObject({ t: "reply", text: "see /retu" });
  });

  it("has what was used last on top", async () => {
    await desk();
    await type("/ret");
    await press("Enter", area());
    await type("/");
    expect(text(".picker-head b")[0]).toBe("/returns");
  });
});

describe("a place that stays open", () => {
  it("is marked, chosen, and keeps the message here until it is written", async () => {
    const fake = await desk();
    await type("/who");
    await press("Enter", area());
    expect(area().value).toBe("Is it {{page.title}} you mean? ");
    expect(text(".composer-behind .gap")).toEqual(["{{page.title}}"]);
    expect(area().value.slice(area().selectionStart, area().selectionEnd)).toBe("{{page.title}}");
    await press("Enter", area());
    expect(find<HTMLButtonElement>(".send").disabled).toBe(true);
    expect(find(".gap-line").textContent).toContain("Page title");
    expect(fake.heard.some((frame) => frame.t === "reply")).toBe(false);
    await type("the vase");
    expect(all(".gap-line")).toHaveLength(0);
    await press("Enter", area());
    expect(fake.heard.at(-1)).toMatchObject({ t: "reply", text: "Is it the vase you mean?" });
  });

  it("may be sent as a note", async () => {
    const fake = await desk();
    await type("We write {{customer.name}}");
    area().dispatchEvent(new KeyboardEvent("keydown", { code: "KeyN", key: "n", altKey: true, bubbles: true, cancelable: true }));
    await settle();
    await press("Enter", area());
    expect(fake.heard.at(-1)).toMatchObject({ t: "reply", kind: "note" });
  });
});

describe("their place", () => {
  const go = async (admin = false) => {
    const fake = await desk(admin);
    await press("g");
    await press("r");
    await vi.waitFor(() => find(".reply-name") ?? Promise.reject(new Error("the place has not come yet")));
    return fake;
  };

  it("lists shared and private ones, and lets an operator change only their own", async () => {
    await go();
    expect(text(".reply-name b")).toEqual(["/bye", "/hello", "/returns", "/who"]);
    expect(all(".reply-acts .button").map((one) => one.getAttribute("aria-label"))).toEqual(["Edit /bye", "Delete /bye"]);
  });

  it("deletes with a way back", async () => {
    const fake = await go(true);
    find("[aria-label='Delete /returns']").click();
    await settle();
    expect(fake.heard.at(-1)).toMatchObject({ t: "shared_drop", reply: id(7002) });
    await press("z");
    expect(fake.heard.at(-1)).toMatchObject({ t: "shared_save", reply: id(7002), shortcut: "returns", text: "You have 30 days." });
  });

  it("shows what the hub says against a new one, at its field", async () => {
    const fake = await go();
    fake.setting.answer = (frame) => (frame.t === "canned_save" ? { t: "refused", code: "taken", message: "no", client_id: frame.id, fields: { shortcut: "there is a reply /x already" } } : undefined);
    await press("n");
    write(".slashed input", "x y/z");
    write(".dialog textarea", "Hi {{customer.first_name|there}}");
    await settle();
    expect(text(".bubble-like")).toEqual(["Hi Ana", "Hi there"]);
    find(".dialog footer .first").click();
    await settle();
    expect(fake.heard.at(-1)).toMatchObject({ t: "canned_save", shortcut: "xyz" });
    expect(text(".field-wrong")).toEqual(["there is a reply /x already"]);
  });

  it("moves as others change them", async () => {
    const fake = await go();
    fake.say("canned", { k: "gone", id: id(7001) });
    fake.say("canned", reply(5, "new", "New."));
    await settle();
    expect(text(".reply-name b")).toEqual(["/bye", "/new", "/returns", "/who"]);
  });
});
