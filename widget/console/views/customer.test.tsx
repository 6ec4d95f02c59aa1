// The customer's record as an operator uses it: where each value is from, what one says oneself, what plugins show, what is found.

import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Customer, FromTab, PanelPage, ToTab } from "../../wire/console";
import { api } from "../state/api";
import { chosen, narrow, person, view } from "../state/looking";
import type { Setting } from "../testing/fake";
import { day, id, visitor } from "../testing/people";
import { all, find, open, press, settle, stage, text, write } from "../testing/stage";

stage();
beforeEach(() => {
  chosen.value = person.value = null;
  narrow.value = {};
  view.value = "table";
});

const WHO = id(201);
const TOUCH = id(77);
const record: Customer = {
  k: "customer", id: WHO, name: "Ana", level: "verified", touchpoints: 3,
  fields: [{
    attribute: "name", chosen: { value: "Ana", level: "verified", source: "shop", at: 1_000, rule: "verification" },
    others: [{ value: "Anna", level: "asserted", source: "operator Kim", operator: "Kim", touch: TOUCH, at: 2_000 }],
  }],
  identifiers: [{ kind: "email", value: "ana@shop.org", level: "observed", status: "links", at: 1_000, source: "mail" }],
};

async function looking(more: Partial<Setting> = {}) {
  const setting = day();
  const ana = visitor(1, { name: "Ana", customer: WHO, conversation: null, cart_count: 0, cart_value: 0 });
  const fake = await open({ ...setting, ...more, topics: { ...setting.topics, visitors: [ana], [`customer:${WHO}`]: [record], ...more.topics } });
  await press("g");
  await press("v");
  find("tr.visitor .who").click();
  await settle();
  await settle();
  return fake;
}
const labelled = (name: string) => all<HTMLButtonElement>("button").find((button) => button.getAttribute("aria-label") === name || button.textContent === name)!;

describe("each value", () => {
  it("says where it is from and why it was chosen, identifiers too", async () => {
    await looking();
    const tips = all(".record .trust").map((dot) => dot.getAttribute("data-tip") ?? "");
    expect(tips[0]).toContain("From shop");
    expect(tips[0]).toContain("better proven");
    expect(tips.find((tip) => tip.includes("From mail"))).toBeDefined();
    expect(find(".customer-level .trust").getAttribute("data-tip")).toContain("From shop");
  });

  it("of an operator is shown behind a proven one and can be taken back", async () => {
    const fake = await looking();
    find(".others").click();
    await settle();
    expect(find(".record .other").textContent).toContain("Kim");
    labelled("Take back: Anna").click();
    await settle();
    expect(fake.heard.at(-1)).toMatchObject({ t: "take_back", touch: TOUCH });
  });
});

describe("what an operator says", () => {
  it("is sent in their name, and undone from the toast", async () => {
    const answer = (frame: FromTab): ToTab | undefined => (frame.t === "edit" ? { t: "done", id: frame.id, message: TOUCH } : undefined);
    const fake = await looking({ answer });
    labelled("Change: Name").click();
    await settle();
    expect(find("dialog").textContent).toContain("“Ana” is proven and stays first");
    write("dialog input.input", "Ana Ruiz");
    await settle();
    labelled("Save").click();
    await settle();
    await settle();
    expect(fake.heard.at(-1)).toMatchObject({ t: "edit", customer: WHO, field: "name", value: "Ana Ruiz" });
    labelled("Undo").click();
    await settle();
    expect(fake.heard.at(-1)).toMatchObject({ t: "take_back", touch: TOUCH });
  });

  it("is told when it is no address, and stays to be mended", async () => {
    const answer = (frame: FromTab): ToTab | undefined =>
      frame.t === "edit" ? { t: "refused", code: "bad_request", message: "email: no", client_id: frame.id, fields: { value: "no" } } : undefined;
    await looking({ answer });
    labelled("Add an e-mail address or a number").click();
    await settle();
    write("dialog input.input", "ana@");
    await settle();
    labelled("Save").click();
    await settle();
    await settle();
    expect(find("dialog [role=alert]").textContent).toContain("no e-mail address");
    expect(find<HTMLInputElement>("dialog input").getAttribute("aria-invalid")).toBe("true");
  });
});

describe("a plugin's panel", () => {
  const beside: PanelPage = {
    panels: [
      { name: "orders", title: "Orders", note: "<b>bold</b>", rows: [{ label: "Last", value: "4711" }], links: [{ label: "Shop", value: "", url: "https://shop.example/4711" }, { label: "Trap", value: "", url: "javascript:alert(1)" }],
        actions: [{ name: "resend", label: "Send again", confirm: "Send it again?" }] },
      { name: "crm", title: "CRM", silent: true },
    ],
  };

  it("is text, its links lead out safely, and a silent one says so", async () => {
    await looking({ beside });
    const panel = find(".panel-part[aria-label=Orders]");
    expect(panel.textContent).toContain("<b>bold</b>");
    expect(panel.querySelector("b")).toBeNull();
    expect([...panel.querySelectorAll("a")].map((a) => [a.getAttribute("href"), a.rel])).toEqual([["https://shop.example/4711", "noreferrer noopener"]]);
    expect(find(".panel-part[aria-label=CRM]").textContent).toContain("Not available");
  });

  it("asks before it acts, and shows what came of it", async () => {
    const asked: unknown[] = [];
    await looking({ beside, pressed: (path, body) => (asked.push([path, body]), { message: "On its way.", panels: [{ name: "orders", title: "Orders", rows: [{ label: "Last", value: "sent" }] }] }) });
    labelled("Send again").click();
    await settle();
    expect(asked).toEqual([]);
    all<HTMLButtonElement>("dialog footer button").at(-1)!.click();
    await settle();
    await settle();
    expect(asked).toEqual([[`/api/customers/${WHO}/panels/orders`, { action: "resend", conversation: null }]]);
    expect(text(".toast")[0]).toContain("On its way.");
    expect(find(".panel-part").textContent).toContain("sent");
  });
});

describe("the timeline", () => {
  it("is narrowed by kind, asked of the hub", async () => {
    const item = { k: "touch", id: id(5), kind: "order", channel: "web", at: 5, title: "" } as const;
    const fake = await looking({ timeline: { items: [item] } });
    labelled("Orders").click();
    await settle();
    await settle();
    expect(fake.timelines.at(-1)).toBe(`/api/customers/${WHO}/timeline?kind=order%2Ccart`);
    expect(text(".customer-time .touch .cut")[0]).toBe("Order");
  });

  it("goes on when a page is empty and there is more behind it", async () => {
    await looking({ timeline: { items: [], next: id(9) } });
    labelled("Notes").click();
    await settle();
    await settle();
    expect(find(".customer-time").textContent).toContain("there is more further back");
    expect(labelled("Show older")).toBeDefined();
  });
});

it("opens whole and goes back to the side", async () => {
  await looking();
  await press("d");
  expect(find(".customer.whole")).not.toBeNull();
  await press("d");
  expect(all(".customer.whole")).toHaveLength(0);
});

describe("several touchpoints", () => {
  const touches = [1, 2, 3].map((n) => ({ k: "touch" as const, id: id(300 + n), kind: "order", channel: "shop", at: n * 1_000, title: `Order ${n}` }));
  const moved = { changes: true, moves: [{ before: WHO, after: id(301), touches: 2 }], sides: [{ customer: WHO, name: "Ana", level: "verified" as const, before: 3, after: 1 }] };

  it("are chosen, seen before it is decided, and brought back at once", async () => {
    const preview = vi.spyOn(api, "previewDecision").mockResolvedValue(moved);
    const answer = (frame: FromTab): ToTab | undefined => (frame.t === "decide" ? { t: "done", id: frame.id, decision: id(401), decisions: [id(401), id(402)] } : undefined);
    const fake = await looking({ answer, topics: { [`customer:${WHO}`]: [record, ...touches] } });
    labelled("Choose several").click();
    await settle();
    for (const box of all<HTMLInputElement>(".touch-pick").slice(0, 2)) box.click();
    await settle();
    expect(find(".timeline-chosen").textContent).toContain("2 chosen");
    labelled("Not theirs…").click();
    await vi.waitFor(() => expect(text("dialog h2")).toEqual(["Not Ana’s: these 2 touchpoints"]));
    expect(preview).toHaveBeenCalledWith({ op: "detach", touches: [id(303), id(302)] });
    await vi.waitFor(() => expect(find("dialog .preview").textContent).toContain("3 → 1"));
    labelled("Not theirs").click();
    await settle();
    expect(fake.heard.at(-1)).toMatchObject({ t: "decide", op: "detach", touches: [id(303), id(302)] });
    expect(all(".touch-pick")).toEqual([]);
    labelled("Undo").click();
    await settle();
    expect(fake.heard.at(-1)).toMatchObject({ t: "decide", op: "revoke", decisions: [id(401), id(402)] });
  });

  it("or a single one count no longer", async () => {
    const preview = vi.spyOn(api, "previewDecision").mockResolvedValue({ ...moved, changes: false, answer: "nothing to decide" });
    await looking({ topics: { [`customer:${WHO}`]: [record, ...touches] } });
    find(".touch-acts button").click();
    await vi.waitFor(() => expect(find("dialog .preview").textContent).toContain("Nothing to decide."));
    expect(preview).toHaveBeenCalledWith({ op: "retract", touches: [id(303)] });
    expect(labelled("Do not count").disabled).toBe(true);
  });
});

describe("what the law gives a person", () => {
  const plan = { customer: WHO, name: "Ana", touches: 3, conversations: 2 };

  it("is handed out as a file, and erased once their name was written out", async () => {
    vi.spyOn(api, "erasure").mockResolvedValue(plan);
    const erase = vi.spyOn(api, "erase").mockResolvedValue({});
    const setting = day();
    await looking({ me: { ...setting.me, role: "admin" } });
    expect(find<HTMLAnchorElement>(".customer-kept a").getAttribute("href")).toBe(`/api/customers/${WHO}/export`);
    labelled("Erase this person…").click();
    await vi.waitFor(() => expect(find("dialog table").textContent).toContain("Touchpoints3"));
    const yes = labelled("Erase for good");
    expect(yes.disabled).toBe(true);
    write("dialog input.input", "An");
    await settle();
    expect(yes.disabled).toBe(true);
    write("dialog input.input", " Ana ");
    await settle();
    yes.click();
    await settle();
    expect(erase).toHaveBeenCalledWith(WHO, "Ana");
    expect(find("aside.customer")).toBeNull();
  });

  it("is no operator's to give", async () => {
    await looking({ me: { ...day().me, role: "operator" } });
    expect(find(".customer-kept")).toBeNull();
  });
});

describe("consent", () => {
  it("is shown for each purpose and address, with who said it and what was said before", async () => {
    const said = { value: "no email:ana@shop.org", level: "observed" as const, source: "shop", at: 2_000 };
    const consents = [
      { purpose: "newsletter", granted: false, said, kind: "email", value: "ana@shop.org", earlier: [{ ...said, value: "yes email:ana@shop.org", source: "form", at: 1_000 }] },
      { purpose: "fax adverts", granted: true, said: { ...said, value: "yes" } },
    ];
    await looking({ topics: { [`customer:${WHO}`]: [{ ...record, consents }] } });
    const section = all("section.customer-part").find((one) => one.querySelector("h3")?.textContent === "Consent")!;
    expect([...section.querySelectorAll("dt")].map((one) => one.textContent)).toEqual(["Newsletter", "fax adverts"]);
    expect(section.querySelector(".value")!.textContent).toBe("No for e-mail ana@shop.org");
    section.querySelector<HTMLButtonElement>(".tell")!.click();
    await settle();
    expect(section.textContent).toContain("From shop");
    expect(section.querySelector(".other")!.textContent).toContain("yes email:ana@shop.orgform");
  });
});
