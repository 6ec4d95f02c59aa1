// The suggestions desk, worked by keyboard against the fake hub: the next pair at once, honest failure, undo, colleagues.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Suggestion, SuggestionPage } from "../../wire/suggestions";
import { day, id } from "../testing/people";
import { all, find, open, press, settle, stage, text } from "../testing/stage";
import type { Fake } from "../testing/fake";
import { toasts } from "../state/toasts";

stage();

const side = (n: number, name: string) => ({ customer: id(n), name, level: "asserted" as const, touchpoints: 3, last: Date.now() - 60_000 });
const pair = (n: number, more: Partial<Suggestion> = {}): Suggestion => ({
  a: side(600 + 2 * n, `Left ${n}`), b: side(601 + 2 * n, `Right ${n}`), probability: 0.99, bits: 9 - n, prior: -5, shelf: "queue",
  steps: [{ field: "surname", level: "typo", bits: 8, a: "Left", b: "Right" }, { field: "given", level: "differs", bits: 6 - n, a: "", b: "" }], ...more,
});

let waiting: Suggestion[];
let judged: { a: string; verdict: string; days?: number }[];
let refuse: { status: number; code: string } | null;
const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });

async function desk(fake?: Partial<Parameters<typeof open>[0]>): Promise<Fake> {
  const stage = await open({ ...day(), ...fake });
  const before = globalThis.fetch;
  globalThis.fetch = (async (path: string, init?: RequestInit) => {
    if (path.startsWith("/api/suggestions/pair")) {
      const asked = new URL(path, "http://hub").searchParams;
      const who = (key: string) => ({ k: "customer", id: asked.get(key), name: key, level: "asserted", touchpoints: 3, fields: [{ attribute: "name", chosen: { value: `Name ${key}`, level: "asserted", source: "till", at: 0 } }] });
      return json({ a: who("a"), b: who("b"), fields: [], touchpoints: 6 });
    }
    if (path === "/api/suggestions" && init?.method === "POST") {
      if (refuse) return json({ error: { code: refuse.code, message: "No." } }, refuse.status);
      const said = JSON.parse(String(init.body)) as { a: string; b: string; verdict: string; days?: number };
      judged.push(said);
      waiting = waiting.filter((one) => one.a.customer !== said.a);
      return json({ customer: said.a, decision: said.verdict === "unsure" ? null : id(9000 + judged.length) });
    }
    if (path.startsWith("/api/suggestions?")) {
      const shelf = new URL(path, "http://hub").searchParams.get("shelf");
      const items = waiting.filter((one) => one.shelf === shelf);
      return json({ items, queue: waiting.filter((one) => one.shelf === "queue").length, more: waiting.filter((one) => one.shelf === "more").length } satisfies SuggestionPage);
    }
    return before(path, init);
  }) as typeof fetch;
  stage.say("suggestions", { k: "suggestions", id: "desk", queue: waiting.filter((one) => one.shelf === "queue").length });
  await press("g");
  await press("p");
  await vi.waitFor(() => expect(all(".pairs-side, .empty").length).toBeGreaterThan(0), 5_000); // its chunk comes at first use
  await settle();
  return stage;
}

const names = () => text(".pairs-side b").join(" | ");
const told = () => toasts.value.map((one) => one.text);

beforeEach(() => {
  waiting = [pair(0), pair(1), pair(2), pair(3, { shelf: "more" })];
  judged = [];
  refuse = null;
});
const real = globalThis.fetch;
afterEach(() => void (globalThis.fetch = real));

describe("the suggestions desk", () => {
  it("shows the surest pair with both records, the score and what would become of them", async () => {
    await desk();
    expect(names()).toBe("Left 0 | Right 0");
    expect(text(".pairs-records tbody th")[0]).toContain("Name");
    expect(all(".fall-row.step")).toHaveLength(2);
    expect(text(".pairs-score table tbody tr")[1]).toContain("a slip apart");
    expect(text(".rail [aria-current] .badge")).toEqual(["3"]);
    expect(find(".pairs-part h2 .quiet").textContent).toBe("6 touchpoints");
  });

  it("has the next pair there at each key, and sends what was said", async () => {
    await desk();
    await press("y");
    expect(names()).toBe("Left 1 | Right 1");
    await press("n");
    expect(names()).toBe("Left 2 | Right 2");
    await press("u");
    expect(judged.map(({ verdict, days }) => [verdict, days])).toEqual([["accept", undefined], ["dismiss", undefined], ["unsure", 30]]);
    expect(find(".empty h2").textContent).toBe("Nobody seems to be here twice");
  });

  it("takes back the last word, and the one before it", async () => {
    const fake = await desk();
    await press("y");
    await press("n");
    await press("z");
    await vi.waitFor(() => expect(names()).toBe("Left 1 | Right 1"), 5_000);
    await press("z");
    await vi.waitFor(() => expect(names()).toBe("Left 0 | Right 0"), 5_000);
    expect(fake.heard.filter((frame) => frame.t === "decide")).toMatchObject([{ op: "revoke", decision: id(9002) }, { op: "revoke", decision: id(9001) }]);
  });

  it("puts what is skipped last, and brings it back", async () => {
    await desk();
    await press("p");
    expect(names()).toBe("Left 1 | Right 1");
    await press("z");
    expect(names()).toBe("Left 0 | Right 0");
    expect(judged).toEqual([]);
  });

  it("says so when the hub did not take it, and the pair is back", async () => {
    await desk();
    refuse = { status: 503, code: "unavailable" };
    await press("y");
    expect(names()).toBe("Left 0 | Right 0");
    expect(told()).toEqual(["No."]);
  });

  it("lets go of a pair that somebody was faster with", async () => {
    await desk();
    refuse = { status: 404, code: "not_found" };
    await press("y");
    expect(names()).toBe("Left 1 | Right 1");
    expect(told()[0]).toContain("decided already");
  });

  it("never joins two who proved who they are at one key", async () => {
    waiting = [pair(0, { accounts: true })];
    await desk();
    expect(find(".pairs-accounts").textContent).toContain("Possible second account");
    expect(all(".pairs-answers .first")).toHaveLength(0);
    await press("y");
    expect(judged).toEqual([]);
    all<HTMLButtonElement>("dialog footer button").find((one) => one.textContent === "Same person")!.click();
    await settle();
    expect(judged).toHaveLength(1);
  });

  it("loses a pair that a colleague decides, and tells who", async () => {
    const fake = await desk();
    fake.say("suggestions", { k: "suggestions", id: "desk", queue: 2, judged: [{ a: id(600), b: id(601), at: Date.now(), by: id(2), name: "Benedikt Okonkwo" }] });
    await settle();
    expect(names()).toBe("Left 1 | Right 1");
    expect(told()[0]).toContain("Benedikt Okonkwo");
  });

  it("shows a pair again that a colleague decided and took back", async () => {
    const fake = await desk();
    const [first, ...rest] = waiting;
    const judged = [{ a: id(600), b: id(601), at: Date.now(), by: id(2), name: "Benedikt Okonkwo" }];
    waiting = rest;
    fake.say("suggestions", { k: "suggestions", id: "desk", queue: 2, judged });
    await vi.waitFor(() => expect(names()).toBe("Left 1 | Right 1"), 5_000);
    waiting = [first!, ...rest];
    fake.say("suggestions", { k: "suggestions", id: "desk", queue: 3, judged });
    await vi.waitFor(() => expect(text(".rail [aria-current] .badge")).toEqual(["3"]), 5_000);
    await new Promise((done) => setTimeout(done, 600));
    await press("n");
    expect(names()).toBe("Left 0 | Right 0");
  });

  it("shows less likely pairs on demand, and the score as a table", async () => {
    await desk();
    await press("m");
    expect(names()).toBe("Left 3 | Right 3");
    await press("v");
    expect(all(".fall")).toHaveLength(0);
    expect(find(".pairs-table")).not.toBeNull();
    await press("v");
  });
});
