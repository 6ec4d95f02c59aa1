// The console as an operator meets it, against the fake hub: sign in, see who waits, take, answer, be undone.

import { describe, expect, it } from "vitest";
import { session } from "../state/session";
import { toast, toasts } from "../state/toasts";
import { all, find, open, press, settle, stage, text, write } from "../testing/stage";
import { day, id, ME, message, QUEUE, row } from "../testing/people";

stage();

describe("the door", () => {
  const refuse = (status: number, message: string, wait = "") => () =>
    new Response(JSON.stringify({ error: { code: "x", message } }), { status, headers: wait ? { "retry-after": wait } : {} });
  const enter = async () => {
    write("[name=username]", "mara");
    write("[name=password]", "secret");
    await settle();
    find("form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await settle();
  };

  it("says the hub's own sentence when it refuses", async () => {
    await open({ me: ME, signedIn: false, signIn: refuse(403, "Open the console by https, or on localhost.") });
    await enter();
    expect(find("[role=alert]").textContent).toContain("Open the console by https, or on localhost.");
  });

  it("counts down the seconds after too many attempts", async () => {
    await open({ me: ME, signedIn: false, signIn: refuse(429, "Too many.", "17") });
    await enter();
    expect(find("[role=alert]").textContent).toContain("17 s");
    expect(find<HTMLButtonElement>("[type=submit]").disabled).toBe(true);
  });

  it("opens", async () => {
    await open({ ...day({ mine: 1 }), signedIn: false });
    await enter();
    expect(text(".talk-row b")).toEqual(["Ana Ruiz"]);
  });
});

describe("the desk", () => {
  it("names those who wait in the list and in the tab's title", async () => {
    await open(day({ mine: 2, waiting: 2 }));
    expect(document.title).toBe("(2) waiting · Touchpoint Hub");
    expect(text(".inbox-section h2")[0]).toContain("Waiting");
  });

  it("goes to the longest wait with J, takes with T, and sends with Enter", async () => {
    const fake = await open(day({ mine: 1, waiting: 2 }));
    await press("j");
    expect(find(".pane h2").textContent).toContain("Visitor");
    await press("t");
    expect(fake.heard.at(-1)).toMatchObject({ t: "take", conversation: id(101) });
    fake.say(`conversation:${id(101)}`, row(1, { status: "open" }));
    await settle();
    write("textarea", "Hello there");
    await press("Enter", find("textarea"));
    expect(fake.heard.at(-1)).toMatchObject({ t: "reply", text: "Hello there", kind: "text" });
    expect(text(".said.ours .bubble").at(-1)).toBe("Hello there");
    expect(find<HTMLTextAreaElement>("textarea").value).toBe("");
  });

  it("shows an answer once, in the same element, from sending to stored", async () => {
    const fake = await open(day({ mine: 1 }));
    find(".talk-row").click();
    await settle();
    write("textarea", "Only once");
    await press("Enter", find("textarea"));
    const element = all(".said").at(-1);
    const sent = fake.heard.findLast((frame) => frame.t === "reply")!;
    fake.say(`conversation:${id(100)}`, message(id(100), 9, "operator", "Only once", { client_id: sent.t === "reply" ? sent.id : "", operator: ME.id }));
    await settle();
    expect(text(".bubble").filter((one) => one === "Only once")).toHaveLength(1);
    expect(all(".said").at(-1)).toBe(element);
  });

  it("keeps the focus where it is while the list moves", async () => {
    const fake = await open(day({ mine: 3 }));
    const button = all<HTMLElement>(".talk-row")[1]!;
    button.focus();
    fake.say(`queue:${QUEUE}`, row(7, { status: "waiting", operator: null }));
    await settle();
    expect(document.activeElement).toBe(button);
    expect(button.isConnected).toBe(true);
  });

  it("does not take letters for keys while one types", async () => {
    const fake = await open(day({ waiting: 1 }));
    await press("j");
    await press("t", find("textarea"));
    expect(fake.heard.some((frame) => frame.t === "take")).toBe(false);
  });

  it("says before one writes that one has all one may have", async () => {
    await open(day({ mine: 4, waiting: 1 }));
    all(".talk-row")[0]!.click();
    await settle();
    expect(find(".standing").textContent).toContain("Mine: full, 4 of 4");
  });

  it("can take off the desk what cannot be shown", async () => {
    history.replaceState(null, "", `#desk/${id(999)}`);
    await open(day());
    expect(all(".pane")).toHaveLength(1);
    await press("w");
    expect(all(".pane")).toHaveLength(0);
  });

  it("does not wait for what the hub will not show", async () => {
    history.replaceState(null, "", `#desk/${id(999)}`);
    await open({ ...day(), answer: (frame) => (frame.t === "subscribe" && frame.topic.endsWith(id(999)) ? { t: "refused", code: "forbidden", message: "no", fields: { topic: frame.topic } } : undefined) });
    expect(session.value.is === "in" && session.value.hub.feed.behind.value).toBe(0);
  });

  it("says the same thing once, and leaves what can be undone", async () => {
    await open(day());
    const undo = () => {};
    toast("Finished", { undo });
    for (let n = 0; n < 3; n++) await press("j");
    expect(toasts.value.map((one) => one.text)).toEqual(["Finished", "Nobody is waiting."]);
  });

  it("takes the first letter after Alt and a digit as text, however fast it comes", async () => {
    await open(day({ mine: 2 }));
    for (const one of [0, 1]) (all(".talk-row")[one]!.click(), await settle());
    const [near, far] = all<HTMLTextAreaElement>(".pane textarea");
    far!.focus();
    far!.dispatchEvent(new KeyboardEvent("keydown", { key: "1", code: "Digit1", altKey: true, bubbles: true, cancelable: true }));
    expect(document.activeElement).toBe(near);
  });

  it("says why a message was not sent, and sends it again on demand", async () => {
    let faster = true;
    const fake = await open({
      ...day({ waiting: 1 }),
      answer: (frame) => (faster && frame.t === "reply" ? { t: "refused", code: "not_yours", message: "Benedikt was faster.", client_id: frame.id } : undefined),
    });
    await press("j");
    write("textarea", "I can help");
    await press("Enter", find("textarea"));
    expect(find(".said-problem").textContent).toContain("Benedikt was faster.");
    faster = false;
    find(".said-problem button").click();
    await settle();
    expect(find(".said-problem")).toBeNull();
    expect(fake.heard.filter((frame) => frame.t === "reply")).toHaveLength(2);
  });

  it("shows text of customers as text, whatever they write", async () => {
    const fake = await open(day({ mine: 1 }));
    find(".talk-row").click();
    await settle();
    fake.say(`conversation:${id(100)}`, message(id(100), 9, "visitor", "<img src=x onerror=alert(1)> javascript:alert(1)"));
    await settle();
    expect(find(".bubble img")).toBeNull();
    expect(all<HTMLAnchorElement>(".bubble a").every((link) => link.protocol === "https:")).toBe(true);
  });

  it("asks to sign in again when the hub ends the session", async () => {
    const fake = await open(day({ mine: 1 }));
    fake.cut(4401);
    await settle();
    expect(find(".door-lead").textContent).toContain("signed out");
  });
});

describe("the record", () => {
  it("undoes a decision with one press", async () => {
    const fake = await open(day({ mine: 1 }));
    find(".talk-row").click();
    await settle();
    find(".decisions button").click();
    await settle();
    expect(fake.heard.at(-1)).toEqual({ t: "decide", op: "revoke", decision: id(901), id: expect.any(String) });
  });

  it("reads again what names customers when records were divided", async () => {
    const fake = await open(day({ mine: 2 }));
    find(".talk-row").click();
    await settle();
    const asked = () => fake.heard.filter((frame) => frame.t === "subscribe" && frame.n === undefined).map((frame) => "topic" in frame && frame.topic);
    const before = asked().length;
    const customer = asked().find((topic) => String(topic).startsWith("customer:")) as string;
    fake.say(customer, { k: "moved", id: customer.slice(9), to: customer.slice(9), kind: "split" });
    await settle();
    expect(asked().slice(before)).toEqual(expect.arrayContaining([customer, `queue:${QUEUE}`]));
  });

  it("follows a customer who was merged into another", async () => {
    const setting = day({ mine: 2 });
    const fake = await open(setting);
    find(".talk-row").click();
    await settle();
    const shown = find(".customer h2").textContent;
    const other = shown === "Ana Ruiz" ? 201 : 200;
    const from = other === 201 ? 200 : 201;
    fake.say(`customer:${id(from)}`, { k: "moved", id: id(from), to: id(other), kind: "merged" });
    await settle();
    expect(find(".customer h2").textContent).not.toBe(shown);
  });
});
