// Rules are a draft until they are kept, can be tried before, and what was kept can be gone back to.

import { render } from "preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Rule, RulesPage } from "../../../wire/routing";
import { api, ApiError } from "../../state/api";
import { toasts } from "../../state/toasts";
import { asking, linesOf, moved, wrongIn } from "../routing/drafting";
import { Routing } from "./routing";

vi.mock("../../state/hub", async (whole) => ({ ...(await whole<typeof import("../../state/hub")>()), useHub: () => ({ desk: { open: vi.fn(), go: vi.fn() } }) }));

const BOOKS = { value: "b".repeat(32), label: "Books" };
const rule = (n: number, name: string): Rule => ({ id: String(n).repeat(32), name, when: [{ fact: "words", op: "has", value: ["book*"] }], then: { queue: BOOKS.value }, enabled: true, by: "Ann", at: 1 });
const PAGE: RulesPage = { edition: 2, rules: [rule(1, "One"), rule(2, "Two")], queues: [BOOKS], history: [{ n: 2, at: 2, by: "Ann", added: ["Two"] }, { n: 1, at: 1, by: "Ann", added: ["One"] }] };

let root: HTMLElement;
const all = <E extends HTMLElement = HTMLElement>(selector: string) => [...root.querySelectorAll<E>(selector)];
const button = (label: string) => all<HTMLButtonElement>("button").find((one) => (one.getAttribute("aria-label") ?? one.textContent)?.includes(label));
const names = () => all(".routing-head b").map((one) => one.textContent);
const settle = () => new Promise((done) => setTimeout(done, 10));
const click = async (label: string) => {
  (await vi.waitFor(() => button(label) ?? Promise.reject(new Error(label)))).click();
  await settle();
};

async function open(page: RulesPage): Promise<void> {
  vi.spyOn(api, "routing").mockResolvedValue(page);
  render(<Routing />, root);
  await vi.waitFor(() => expect(all(".routing-page")).toHaveLength(1));
}

beforeEach(() => {
  root = document.body.appendChild(document.createElement("div"));
});
afterEach(() => {
  render(null, root);
  root.remove();
  toasts.value = [];
  vi.restoreAllMocks();
});

test("a rule reads as a sentence, with the queue it names", async () => {
  await open(PAGE);
  expect(all(".routing-rule")[0]!.textContent).toContain("Subject and text has one of book*");
  expect(all(".routing-rule")[0]!.textContent).toContain("Queue Books");
});

test("order, switches and deletions are a draft until they are kept, with the edition they were made from", async () => {
  const kept = vi.spyOn(api, "keepRouting").mockResolvedValue({ ...PAGE, edition: 3, rules: [PAGE.rules[1]!] });
  await open(PAGE);
  expect(button("Save")).toBeUndefined();
  await click("Move Two up");
  expect(names()).toEqual(["Two", "One"]);
  all(".routing-rule")[0]!.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", altKey: true, bubbles: true, cancelable: true }));
  await settle();
  expect(names()).toEqual(["One", "Two"]);
  expect(button("Save")).toBeUndefined(); // as it was: nothing to keep
  await click("Delete One");
  await click("Save");
  expect(kept).toHaveBeenCalledWith([PAGE.rules[1]], 2);
  expect(names()).toEqual(["Two"]);
});

test("a new rule is switched off and open to be written", async () => {
  await open({ edition: 0, rules: [] });
  await click("New rule");
  expect(all<HTMLInputElement>(".routing-head input")[0]!.checked).toBe(false);
  expect(all(".routing-editor")).toHaveLength(1);
});

test("what the hub objects to stands at its rule, and nothing is lost", async () => {
  vi.spyOn(api, "keepRouting").mockRejectedValue(new ApiError(400, "bad_request", "no", 0, { "rules[1].when[0].value": "expected at least one word" }));
  await open(PAGE);
  await click("Move Two up");
  await click("Save");
  expect(all(".field-wrong").map((one) => one.closest(".routing-rule")?.querySelector("b")?.textContent)).toEqual(["One"]);
  expect(names()).toEqual(["Two", "One"]);
});

test("what rules would have done is shown beside what was done, and said to be old once they change", async () => {
  const tried = vi.spyOn(api, "tryRouting").mockResolvedValue({
    looked_at: 20, since: 1, rules: [{ rule: "1".repeat(32), matched: 3, differing: 1 }],
    tried: [{ conversation: "c".repeat(32), name: "Kim", at: 1, words: "a book", rules: ["1".repeat(32)], queue: "Books", queue_was: "main", tags: ["b"], differs: true }],
  });
  await open(PAGE);
  await click("Try on past");
  expect(tried).toHaveBeenCalledWith(PAGE.rules);
  expect(all(".routing-figures")[0]!.textContent).toContain("Matches 3, differs from what was done in 1");
  expect(all(".routing-trial")[0]!.textContent).toContain("main");
  expect(all(".routing-trial")[0]!.textContent).not.toContain("have changed");
  await click("Move Two up");
  expect(all(".routing-trial")[0]!.textContent).toContain("have changed");
});

test("any earlier state can be gone back to", async () => {
  const restored = vi.spyOn(api, "restoreRouting").mockResolvedValue({ ...PAGE, edition: 3, rules: [PAGE.rules[0]!] });
  await open(PAGE);
  await click("Back to how it was then");
  expect(restored).toHaveBeenCalledWith(1, 2);
  expect(names()).toEqual(["One"]);
});

test("another fact of the same kind keeps its values, one of another kind begins anew", () => {
  const words = { fact: "words", op: "has all", value: ["a"] } as const;
  expect(asking("subject", { ...words, value: ["a"] })).toEqual({ fact: "subject", op: "has all", value: ["a"] });
  expect(asking("orders", { ...words, value: ["a"] })).toEqual({ fact: "orders", op: "at least", value: 1 });
  expect(linesOf(" a \n\n b")).toEqual(["a", "b"]);
  expect(moved([rule(1, "a")], 0, 1)).toHaveLength(1);
  expect(wrongIn({ "rules[1].name": "x", "rules[10].name": "y" }, 1)).toEqual([["name", "x"]]);
});
