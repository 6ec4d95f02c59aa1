// The inbox as an operator uses it: search and go there, lists by filter, several at once, and the command bar.

import { describe, expect, it, vi } from "vitest";
import type { SearchPage } from "../../wire/console";
import { asked, Paged } from "../state/inbox";
import { all, find, open, press, settle, stage, text, write } from "../testing/stage";
import { day, id, QUEUE, row } from "../testing/people";

stage();

const found = (): SearchPage => ({
  talks: [{ conversation: row(0), seq: 4, author: "visitor", at: Date.now(), text: [["Is the ", false], ["<b>blue", true], [" vase", false]] }],
  customers: [{ id: id(200), name: "Ana Ruiz", level: "verified", text: [["Ana", true], [" Ruiz", false]], conversations: [row(0)] }],
});
const pause = () => new Promise((done) => setTimeout(done, 220));

describe("search", () => {
  it("shows hits as text with their words marked, and goes to the message", async () => {
    await open({ ...day({ mine: 2 }), found });
    await press("/");
    expect(document.activeElement).toBe(find(".inbox-find input"));
    write(".inbox-find input", "blue");
    await pause();
    await settle();
    expect(text(".hit mark")).toEqual(["Ana", "<b>blue"]);
    all(".hit")[1]!.click();
    await settle();
    expect(find(".pane h2").textContent).toContain("Ana Ruiz");
    expect(find('[data-seq="4"]').classList.contains("sought")).toBe(true);
  });

  it("is walked by keys alone, from the field on", async () => {
    await open(day({ mine: 2 }));
    await press("/");
    await press("ArrowDown", find(".inbox-find input"));
    expect(document.activeElement).toBe(all(".talk-row")[0]);
  });

  it("says that nothing was found, and Escape leads back", async () => {
    await open(day({ mine: 1 }));
    write(".inbox-find input", "xyzzy");
    await pause();
    await settle();
    expect(find(".inbox-none").textContent).toBe("Nothing found.");
    await press("Escape", find(".inbox-find input"));
    expect(text(".talk-row b")).toEqual(["Ana Ruiz"]);
  });
});

describe("lists", () => {
  it("draw only the rows near the window, however many there are", async () => {
    const many = Array.from({ length: 3_000 }, (_, n) => row(n % 20, { id: id(10_000 + n), status: "closed" }));
    await open({ ...day({ mine: 1 }), closed: { items: many } });
    find(".fold").click();
    await settle();
    expect(all(".talk-row").length).toBeLessThan(60);
    expect(find(".long-list").style.paddingBlockEnd).toMatch(/1[0-9]{5}px/);
  });

  it("show what is in hand as it is now, and their name where others stand above them", async () => {
    const fake = await open({ ...day({ mine: 1, waiting: 1 }), closed: { items: [row(0), row(7, { status: "closed" })] } });
    find(".fold").click();
    await settle();
    fake.say(`queue:${QUEUE}`, row(0, { last_text: "Just now" }));
    await settle();
    expect(find(".long-list .talk-row").textContent).toContain("Just now");
    expect(text(".inbox-section h2:not(.unseen)")).toEqual([expect.stringContaining("Waiting"), "Closed"]);
  });

  it("load page after page, each row once, and drop an answer that comes too late", async () => {
    const pages = [{ items: ["a", "b"], next: "1" }, { items: ["b", "c"] }];
    const list = new Paged<string>((one) => one, async (before) => pages[before ? 1 : 0]!);
    await Promise.all([list.load(true), list.load(true)]);
    await list.load();
    expect(list.items.value).toEqual(["a", "b", "c"]);
    expect(list.next.value).toBe(null);
  });

  it("ask the hub by their filter", () => {
    expect(asked({ name: "x", status: "all", rated: true, unanswered: 5 }, 600_000)).toBe("status=all&rated=1&unanswered=300000");
  });
});

describe("several at once", () => {
  it("are finished one after the other and can be reopened together", async () => {
    const fake = await open(day({ mine: 3 }));
    find("[aria-label='Choose several']").click();
    await settle();
    for (const one of all(".talk-row").slice(0, 2)) one.click();
    await settle();
    expect(find(".bulk .figures").textContent).toBe("2 chosen");
    all<HTMLButtonElement>(".bulk .button").find((one) => one.textContent === "Finish")!.click();
    await settle();
    find(".bulk .dialog .button.first").click();
    await settle();
    await settle();
    expect(fake.heard.filter((frame) => frame.t === "close")).toHaveLength(2);
    await press("z");
    await settle();
    expect(fake.heard.filter((frame) => frame.t === "reopen")).toHaveLength(2);
  });
});

it("does not finish for an administrator what a colleague took since it was chosen", async () => {
  const setting = day({ waiting: 2 });
  const fake = await open({ ...setting, me: { ...setting.me, role: "admin" } });
  find("[aria-label='Choose several']").click();
  await settle();
  for (const one of all(".talk-row").slice(0, 2)) one.click();
  fake.say(`queue:${QUEUE}`, row(1, { status: "open", operator: id(2), operator_name: "Benedikt Okonkwo" }));
  await settle();
  all<HTMLButtonElement>(".bulk .button").find((one) => one.textContent === "Finish")!.click();
  await settle();
  expect(find(".bulk .dialog h2").textContent).toBe("Finish 1 conversation");
});

describe("the command bar", () => {
  const bar = async () => {
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "k", ctrlKey: true, bubbles: true, cancelable: true }));
    await settle();
  };

  it("goes anywhere by its name", async () => {
    await open(day({ mine: 1 }));
    await bar();
    write(".command input", "health");
    await settle();
    await press("Enter", find(".command input"));
    expect(location.hash).toBe("#health");
  });

  it("offers what a key does here, not what it does in another view", async () => {
    await open(day({ mine: 1 }));
    await bar();
    const names = all(".command-entry").map((one) => one.textContent!);
    expect(names.some((one) => one.includes("Search conversations and customers"))).toBe(true);
    expect(names.filter((one) => /Find a visitor|Find a reply|New reply/.test(one))).toEqual([]);
  });

  it("finds conversations, visitors and what was said", async () => {
    await open({ ...day({ mine: 2, visitors: 3 }), found });
    await bar();
    write(".command input", "ana");
    await vi.waitFor(() => expect(text(".command mark")).toContain("<b>blue"), { timeout: 4000 });
    expect(text(".command-entry").some((one) => one!.includes("Ana Ruiz"))).toBe(true);
    expect(text(".command mark")).toContain("<b>blue");
    await press("ArrowDown", find(".command input"));
    expect(all(".command-entry")[1]!.getAttribute("aria-selected")).toBe("true");
  });
});
