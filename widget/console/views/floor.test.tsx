// The floor as an operator uses it: who lingers stands first, nothing moves under the pointer, an invitation and its fate.

import { beforeEach, describe, expect, it, vi } from "vitest";
import type { VisitorRow } from "../../wire/console";
import { awake } from "../state/chime";
import { BY_NEED } from "../state/floor";
import { chosen, inviting, narrow, order, person, view, words } from "../state/looking";
import { day, file, id, ME, message, row, visitor } from "../testing/people";
import { all, find, open, press, settle, stage, text, write } from "../testing/stage";

stage();
beforeEach(() => {
  order.value = BY_NEED;
  words.value = "";
  chosen.value = inviting.value = person.value = null;
  narrow.value = {};
  view.value = "table";
});

const calm = { lingering: null, invitation: "" as const };
const named = (n: number, name: string, more: Partial<VisitorRow> = {}) => visitor(n, { ...calm, name, arrived: n, conversation: null, ...more });
const floor = (rows: VisitorRow[]) => ({ ...day(), topics: { ...day().topics, visitors: rows } });
const names = () => text(".who > .cut");
const goThere = async () => {
  await press("g");
  await press("v");
};

describe("the floor", () => {
  it("puts who lingers first and says so, without a sound for what was so before", async () => {
    await open(floor([named(1, "Ana"), named(2, "Ben", { lingering: Date.now() - 5_000 })]));
    await goThere();
    expect(names()).toEqual(["Ben", "Ana"]);
    expect(find(".floor-head").textContent).toContain("1 lingers");
    expect(localStorage.getItem("hub.rung")).toBeNull();
  });

  it("rings and says it once when somebody begins to linger, wherever the operator is", async () => {
    const fake = await open(floor([named(1, "Ana", { title: "Checkout" })]));
    awake.value = true;
    fake.say("visitors", named(1, "Ana", { title: "Checkout", lingering: Date.now() }));
    await settle();
    expect(text("[role=status]")).toContain("Ana lingers on Checkout.");
    expect(localStorage.getItem("hub.rung")).not.toBeNull();
  });

  it("keeps every row in its place under the pointer, and lets the pill bring the new ones", async () => {
    const fake = await open(floor([named(1, "Ana"), named(2, "Ben")]));
    await goThere();
    find("tbody").dispatchEvent(new Event("pointerenter"));
    await settle();
    fake.say("visitors", named(3, "Cleo"));
    fake.say("visitors", { k: "gone", id: id(302) });
    await settle();
    expect(names()).toEqual(["Ben", "Ana"]);
    expect(find("tr.gone").textContent).toContain("Ben");
    expect(find(".floor-place > .pill").textContent).toBe("1 new");
    find(".floor-place > .pill").click();
    await settle();
    expect(names()).toEqual(["Cleo", "Ana"]);
  });

  it("sorts by a column, the other way, and as before", async () => {
    await open(floor([named(1, "Ana", { pages: 3 }), named(2, "Ben", { pages: 9 }), named(3, "Cleo", { pages: 1 })]));
    await goThere();
    const turn = async () => (find(".col-pages button").click(), await settle());
    await turn();
    expect(names()).toEqual(["Ben", "Ana", "Cleo"]);
    expect(find("th.col-pages").getAttribute("aria-sort")).toBe("descending");
    await turn();
    expect(names()).toEqual(["Cleo", "Ana", "Ben"]);
    await turn();
    expect(names()).toEqual(["Cleo", "Ben", "Ana"]);
  });

  it("draws no more rows than there is room for", async () => {
    await open(floor(Array.from({ length: 500 }, (_, n) => visitor(n))));
    await goThere();
    expect(all("tr.visitor").length).toBeLessThan(60);
    expect(find("table").getAttribute("aria-rowcount")).toBe("501");
  });

  it("shows the same people on shelves with one key", async () => {
    const at = (path: string) => ({ url: `https://s.example/${path}`, title: path });
    await open(floor([named(1, "Ana", at("Cart")), named(2, "Ben", at("Home")), named(3, "Cleo", at("Home"))]));
    await goThere();
    await press("v");
    expect(text(".shelf h2")).toEqual(["Home2", "Cart1"]);
    expect(all(".chip")).toHaveLength(3);
  });
});

describe("an invitation", () => {
  const invite = async (fake: Awaited<ReturnType<typeof open>>) => {
    await goThere();
    find(".who").click();
    await settle();
    await press("i");
    write("dialog textarea", "Shall I help?");
    await settle();
    find("dialog .button.first").click();
    await settle();
    return fake.heard.findLast((frame) => frame.t === "invite");
  };

  it("says the operator's words, and its fate stands in the row", async () => {
    const fake = await open(floor([named(1, "Ana")]));
    expect(await invite(fake)).toMatchObject({ visitor: id(301), text: "Shall I help?" });
    fake.say("visitors", named(1, "Ana", { invitation: "shown" }));
    await settle();
    expect(find("td.col-helped").textContent).toBe("Invited, seen");
  });

  it("opens the conversation when it is accepted", async () => {
    const setting = day({ mine: 1 });
    setting.topics!["visitors"] = [named(0, "Ana")];
    const fake = await open(setting);
    await invite(fake);
    fake.say("visitors", named(0, "Ana", { invitation: "shown" }));
    fake.say("visitors", named(0, "Ana", { invitation: "accepted", conversation: id(100) }));
    await settle();
    expect(find(".pane h2").textContent).toContain("Ana Ruiz");
  });

  it("cannot be made to somebody who declined", async () => {
    const fake = await open(floor([named(1, "Ana", { invitation: "declined" })]));
    await goThere();
    find(".who").click();
    await settle();
    await press("i");
    expect(find("dialog")).toBeNull();
    expect(fake.heard.some((frame) => frame.t === "invite")).toBe(false);
  });
});

describe("files and pages in a conversation", () => {
  const talk = id(100);
  const start = async (more: ReturnType<typeof message>[] = [], head: Partial<ReturnType<typeof row>> = {}) => {
    const setting = day({ mine: 1, visitors: 3 });
    setting.topics![`conversation:${talk}`] = [row(0, head), ...more];
    const fake = await open(setting);
    find(".talk-row").click();
    await settle();
    return fake;
  };

  it("shows pictures in place and everything else as a download, and follows no foreign address", async () => {
    await start([message(talk, 1, "visitor", "", { attachments: [file(1), file(2, { inline: false, name: "a.pdf", url: "/file/2" }), file(3, { url: "https://evil.example/x.png" })] })]);
    expect(all(".picture img").map((one) => one.getAttribute("src"))).toEqual(["/file/1"]);
    expect(all("a.file-row").map((one) => one.getAttribute("href"))).toEqual(["/file/2"]);
    expect(find(".pane").innerHTML).not.toContain("evil.example");
  });

  it("sends what was uploaded with the message, even without words", async () => {
    const fake = await start();
    const sent: { onload: () => void }[] = [];
    vi.stubGlobal("XMLHttpRequest", class {
      upload = {};
      status = 200;
      responseText = JSON.stringify(file(7, { name: "a.png" }));
      onload = () => {};
      open() {}
      setRequestHeader() {}
      send() { sent.push(this); }
    });
    const list = [new File(["x"], "a.png", { type: "text/plain" })];
    const paste = Object.assign(new Event("paste", { bubbles: true, cancelable: true }), { clipboardData: { files: list } });
    find("textarea").dispatchEvent(paste);
    await settle();
    expect(find(".tray").textContent).toContain("a.png");
    await press("Enter", find("textarea"));
    expect(fake.heard.some((frame) => frame.t === "reply")).toBe(false);
    sent[0]!.onload();
    await settle();
    await press("Enter", find("textarea"));
    expect(fake.heard.findLast((frame) => frame.t === "reply")).toMatchObject({ text: "", attachments: [file(7).id] });
    expect(all(".tray")).toHaveLength(0);
    expect(all(".said.ours .picture")).toHaveLength(1);
  });

  it("offers a page that visitors were on, and tells what became of it", async () => {
    const fake = await start();
    await press("o", find(".pane"));
    find("dialog input[type=radio]").click();
    await settle();
    find("dialog .button.first").click();
    await settle();
    expect(fake.heard.findLast((frame) => frame.t === "push")).toMatchObject({ conversation: talk, url: expect.stringMatching(/^https:\/\/shop\.example\//) });
    const offered = (fate: "" | "declined") => message(talk, 9, "operator", "https://shop.example/p/linen", { kind: "push", operator: ME.id, push: { url: "https://shop.example/p/linen", title: "Linen", fate } });
    fake.say(`conversation:${talk}`, offered(""));
    await settle();
    expect(find(".offer").textContent).toContain("Page offered");
    fake.say(`conversation:${talk}`, offered("declined"));
    await settle();
    expect(find(".offer").textContent).toContain("Did not want to go there");
  });

  it("does not let the wish for an answer by e-mail, or a rating, be missed", async () => {
    await start([message(talk, 1, "system", "rated:2", { kind: "system" })], { answer_by: "email", score: 2, remark: "Slow" });
    expect(find(".wishes").textContent).toContain("Wants the answer by e-mail");
    expect(find(".stars").getAttribute("aria-label")).toBe("Rated 2 of 5");
    expect(text(".line-system")).toEqual(["The visitor gave 2 of 5"]);
  });
});

describe("a tracking connection", () => {
  it("tells what it left out, and why", async () => {
    await open(day());
    await press("g");
    await press("h");
    find("summary").click();
    expect(find("summary").textContent).toBe("The newest 3 events that were left out");
    expect(text(".problem-why")[1]).toBe("traits.email: expected an address, got “n/a”");
  });
});

describe("the watch list", () => {
  const list = `watching:${ME.id}`;
  const ana = { k: "watch", id: id(1), customer: id(201), name: "Ana", level: "verified", at: 0 } as const;
  const watchers = (rows: VisitorRow[], items: (typeof ana)[]) => ({ ...day(), topics: { ...day().topics, visitors: rows, [list]: items } });

  it("marks who is watched, tells of who comes back, and leads there", async () => {
    const fake = await open(watchers([named(2, "Ben")], [ana]));
    awake.value = true;
    fake.say("visitors", named(1, "Ana", { title: "Blue vase" }));
    await settle();
    expect(text(".toast")[0]).toContain("Ana is back: Blue vase");
    expect(text("[role=status]")).toContain("Ana is back: Blue vase");
    expect(localStorage.getItem("hub.rung.watched")).not.toBeNull();
    all<HTMLButtonElement>(".toast button").find((button) => button.textContent === "Look")!.click();
    await settle();
    expect(find("tr.chosen").textContent).toContain("Ana");
    expect(find("tr.chosen .star")).not.toBeNull();
  });

  it("is begun by a key and ended by the same", async () => {
    const fake = await open(watchers([named(1, "Ana")], []));
    await goThere();
    find("tr.visitor .who").focus();
    await press("f");
    expect(fake.heard.at(-1)).toMatchObject({ t: "watch", customer: id(201), on: true });
    fake.say(list, ana);
    await settle();
    await press("f");
    expect(fake.heard.at(-1)).toMatchObject({ t: "watch", customer: id(201), on: false });
  });

  it("shows who is here and who is not, and opens the record of either", async () => {
    const ben = { ...ana, id: id(2), customer: id(202), name: "Ben" };
    await open(watchers([named(1, "Ana", { title: "Checkout" })], [ben, ana] as (typeof ana)[]));
    await goThere();
    find("[aria-label='Watch list']").click();
    await settle();
    expect(text(".watch-row .cut").filter((_, n) => n % 2 === 0)).toEqual(["Ana", "Ben"]);
    expect(find(".watch-row").textContent).toContain("Here now: Checkout");
    all<HTMLButtonElement>(".watch-row")[1]!.click();
    await settle();
    expect(person.value).toBe(id(202));
  });
});

describe("what an operator looks at", () => {
  it("is narrowed by the menu, said beside it, and kept", async () => {
    await open(floor([named(1, "Ana", { cart_count: 2, cart_value: 9 }), named(2, "Ben", { cart_count: 0, cart_value: 0 })]));
    await goThere();
    find("[aria-label='Show only some']").click();
    await settle();
    all<HTMLButtonElement>("[role^=menuitem]").find((entry) => entry.textContent === "With a cart")!.click();
    await settle();
    expect(names()).toEqual(["Ana"]);
    expect(JSON.parse(localStorage.getItem(`hub.floor.${ME.id}`)!).narrow).toEqual({ cart: true });
    find(".wish").click();
    await settle();
    expect(names()).toEqual(["Ben", "Ana"]);
  });

  it("comes back as this operator left it", async () => {
    localStorage.setItem(`hub.floor.${ME.id}`, JSON.stringify({ order: { by: "who", down: false }, view: "table", narrow: {} }));
    await open(floor([named(2, "Zoe"), named(1, "Ana")]));
    await goThere();
    expect(find("th.col-who").getAttribute("aria-sort")).toBe("ascending");
  });
});

it("offers canned replies as openings, with the visitor put in, and none that stays open", async () => {
  const canned = (n: number, shortcut: string, words: string) => ({ k: "canned", id: id(700 + n), shortcut, title: "", text: words, at: 0, by: "" }) as const;
  const replies = [canned(1, "vase", "A question about {{page.title}}?"), canned(2, "open", "Dear {{customer.name}}"), canned(3, "long", "x".repeat(501))];
  await open({ ...day(), topics: { ...floor([named(1, "", { title: "Blue vase" })]).topics, canned: replies, [`canned:${ME.id}`]: [] } });
  await goThere();
  find("tr.visitor .who").focus();
  await press("i");
  await settle();
  expect(text(".openings button")).toEqual(["/vase A question about Blue vase?"]);
  find(".openings button").click();
  await settle();
  expect(find<HTMLTextAreaElement>("dialog textarea").value).toBe("A question about Blue vase?");
});
