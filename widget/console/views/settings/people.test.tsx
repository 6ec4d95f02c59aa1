// Numbers are tried before they are switched on, and what was switched on can be taken back.

import { render } from "preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { RulesPage, RulesTrial } from "../../../wire/ruling";
import { api } from "../../state/api";
import { toasts } from "../../state/toasts";
import { People } from "./people";

const PAGE: RulesPage = {
  numbers: [
    { name: "limits", kind: "email", value: 8, default: 8 },
    { name: "others", kind: "email", value: 8, default: 8 },
    { name: "limits", kind: "telegram", value: 6, default: 6 },
  ],
};
const ANN = { id: "a".repeat(32), name: "Ann Ray", level: "verified" as const };
const NOBODY = { id: "b".repeat(32), name: "", level: "observed" as const };
const TRIAL: RulesTrial = {
  numbers: { limits: {}, others: { email: 1 }, crowds: {} }, state: "done", since: 1, customers: 1200, would_be: 1203, moved: 12, split: 2, joined: 1,
  apart: [{ who: ANN, touches: [10, 4], more: 1 }], together: [{ who: [ANN, NOBODY], more: 3 }],
};

let root: HTMLElement;
const find = <E extends HTMLElement = HTMLElement>(selector: string) => root.querySelector<E>(selector);
const button = (label: string) => [...root.querySelectorAll("button")].find((one) => one.textContent?.includes(label));
const settle = () => new Promise((done) => setTimeout(done, 10));

async function open(page: RulesPage): Promise<void> {
  vi.spyOn(api, "ruling").mockResolvedValue(page);
  render(<People />, root);
  await settle();
}

async function write(at: number, value: string): Promise<void> {
  const field = root.querySelectorAll<HTMLInputElement>("input")[at]!;
  field.value = value;
  Object.defineProperty(field, "valueAsNumber", { value: Number(value), configurable: true });
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await settle();
}

beforeEach(() => {
  root = document.body.appendChild(document.createElement("div"));
});
afterEach(() => {
  render(null, root);
  root.remove();
  toasts.value = [];
});

test("what other numbers would do is shown before they can be switched on", async () => {
  const tried = vi.spyOn(api, "tryRuling").mockResolvedValue({ ...PAGE, trial: { ...TRIAL, state: "counting", share: 0.4 } });
  await open(PAGE);
  expect(button("Switch on")).toBeUndefined();
  await write(1, "1");
  button("See what it would do")!.click();
  await settle();
  expect(tried).toHaveBeenCalledWith({ limits: {}, others: { email: 1 }, crowds: {} });
  expect(find(".people-trial")!.textContent).toContain("Still counting: 40%");
  expect(find<HTMLProgressElement>("progress")!.value).toBe(0.4);
  expect(button("Switch on")).toBeUndefined();
});

test("a trial tells who would be several and who would be one", async () => {
  await open({ ...PAGE, trial: TRIAL });
  expect(find(".people-trial")).toBeNull(); // nothing is asked of these numbers here
  await write(1, "1");
  const told = find(".people-trial")!.textContent!;
  expect(told).toContain("1,200 customers would be 1,203. 12 touchpoints would belong to another customer than now.");
  expect(told).toContain("Ann Ray 10 + 4 + … touchpoints");
  expect(told).toContain("Ann Ray, Visitor, and 3 more");
  await write(0, "3");
  expect(button("Switch on")).toBeUndefined();
  expect(root.textContent).toContain("Count again before you switch them on.");
});

test("what was switched on is taken back with one click", async () => {
  const change = { id: "c".repeat(32), at: 1, by: "Robin", numbers: [["others", "email", 8, 1]] as [["others", "email", number, number]], may_undo: true };
  const after = { ...PAGE, n: 1, changes: [change] };
  const kept = vi.spyOn(api, "keepRuling").mockResolvedValue(after);
  const undone = vi.spyOn(api, "undoRuling").mockResolvedValue(PAGE);
  await open({ ...PAGE, trial: TRIAL });
  await write(1, "1");
  button("Switch on")!.click();
  await settle();
  expect(kept).toHaveBeenCalledWith({ limits: {}, others: { email: 1 }, crowds: {} }, 0);
  expect(find(".setting-history ol")!.textContent).toContain("Shared when named with more others than 8");
  toasts.value[0]!.undo!();
  await settle();
  expect(undone).toHaveBeenCalledWith(change.id);
});
