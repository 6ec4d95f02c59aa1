// Tags and mentions as an operator meets them: typed, offered, sent as data, shown, and found again.

import { describe, expect, it } from "vitest";
import { all, find, open, press, settle, stage, text, write } from "../testing/stage";
import { day, id, ME, message, QUEUE, row } from "../testing/people";

stage();

const first = async (more = {}) => {
  const fake = await open({ ...day({ mine: 1 }), ...more });
  find(".talk-row").click();
  await settle();
  return fake;
};
const typed = async (words: string) => {
  const area = find<HTMLTextAreaElement>("textarea");
  area.focus();
  area.value = words;
  area.setSelectionRange(words.length, words.length);
  area.dispatchEvent(new Event("input", { bubbles: true }));
  await settle();
};

describe("a note that calls a colleague", () => {
  it("offers those who may see it, and is sent with who is meant", async () => {
    const fake = await first();
    await press("n");
    await typed("Could you look, @bene");
    expect(text(".picker-option b")).toEqual(["Benedikt Okonkwo"]);
    await press("Enter", find("textarea"));
    expect(find<HTMLTextAreaElement>("textarea").value).toBe("Could you look, @Benedikt Okonkwo ");
    await press("Enter", find("textarea"));
    expect(fake.heard.at(-1)).toMatchObject({ t: "reply", kind: "note", mentions: [id(2)] });
    expect(text(".note .mention")).toEqual(["@Benedikt Okonkwo"]);
  });

  it("calls nobody from a message to the customer", async () => {
    const fake = await first();
    await typed("Ask @Benedikt Okonkwo");
    expect(find(".picker-option")).toBeNull();
    await press("Enter", find("textarea"));
    expect(fake.heard.at(-1)).not.toHaveProperty("mentions");
  });

  it("stays a note when the conversation becomes mine while I write", async () => {
    const theirs = row(0, { operator: id(2), operator_name: "Benedikt Okonkwo" });
    const fake = await open({ ...day(), topics: { [`queue:${QUEUE}`]: [theirs], [`conversation:${id(100)}`]: [theirs] } });
    find(".talk-row").click();
    await settle();
    await typed("He shouts at everybody");
    for (const topic of [`queue:${QUEUE}`, `conversation:${id(100)}`]) fake.say(topic, row(0));
    await settle();
    expect(find(".composer.note")).not.toBeNull();
    await press("Enter", find("textarea"));
    expect(fake.heard.at(-1)).toMatchObject({ t: "reply", kind: "note", text: "He shouts at everybody" });
    expect(find(".composer.note")).toBeNull();
  });

  it("stays a note when a refused answer is put behind it", async () => {
    await first({ answer: (frame: { t: string; id?: string }) => (frame.t === "reply" ? { t: "refused", code: "closed", message: "it is closed", client_id: frame.id } : undefined) });
    await typed("To the customer");
    await press("Enter", find("textarea"));
    await press("n");
    await typed("Between us");
    all(".said-problem button")[1]!.click();
    await settle();
    expect(find<HTMLTextAreaElement>(".composer.note textarea").value).toBe("Between us\nTo the customer");
  });

  it("is told in the list until it is seen", async () => {
    const fake = await first();
    fake.say(`mentions:${ME.id}`, { k: "mention", id: id(100), seq: 9, at: Date.now(), by: "Aiko Tanabe", count: 1 });
    await settle();
    expect(find(".talk-row .at")).not.toBeNull();
    expect(find(".called").textContent).toContain("A note mentions you");
    fake.say(`mentions:${ME.id}`, { k: "gone", id: id(100) });
    await settle();
    expect(find(".called")).toBeNull();
    expect(find(".talk-row .at")).toBeNull();
  });

  it("marks the name it calls and nothing else", async () => {
    const fake = await first();
    fake.say(`conversation:${id(100)}`, message(id(100), 9, "operator", "@Aiko Tanabe or @Benedikt Okonkwo", { kind: "note", name: "X", mentions: [id(3)] }));
    await settle();
    expect(text(".mention")).toEqual(["@Aiko Tanabe"]);
  });
});

describe("tags", () => {
  const tags = [{ tag: "refund", count: 9 }, { tag: "size exchange", count: 4 }, { tag: "vip", count: 1 }];

  it("are offered while one types, and put on together", async () => {
    const fake = await first({ tags });
    fake.say(`conversation:${id(100)}`, row(0, { tags: ["vip"] }));
    await settle();
    expect(text(".pane-tags .tag")).toEqual(["vip"]);
    await press("l");
    await settle();
    write(".tag-box input", "ex");
    await settle();
    expect(text(".tag-option")).toEqual(["size exchange"]);
    await press("ArrowDown", find(".tag-box input"));
    await press("Enter", find(".tag-box input"));
    write(".tag-box input", "  Brand NEW ");
    await settle();
    await press("Enter", find(".tag-box input"));
    find(".tag-box .tag button").click();
    await settle();
    expect(text(".tag-box .tag")).toEqual(["size exchange", "brand new"]);
    all("dialog footer button").at(-1)!.click();
    await settle();
    expect(fake.heard.at(-1)).toMatchObject({ t: "tag", add: ["size exchange", "brand new"], drop: ["vip"] });
  });

  it("go with the end of a conversation", async () => {
    const fake = await first({ tags });
    await press("x");
    write(".tag-box input", "refund");
    await settle();
    await press("Enter", find(".tag-box input"));
    all("dialog footer button").at(-1)!.click();
    await settle();
    expect(fake.heard.findLast((frame) => frame.t === "close")).toMatchObject({ t: "close", outcome: "resolved", tags: ["refund"] });
  });
});
