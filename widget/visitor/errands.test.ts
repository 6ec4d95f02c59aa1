// Events and carts on their way: nothing lost, nothing stored without leave, nothing of what people typed.

import { beforeEach, expect, test, vi } from "vitest";
import type { Cart, FromPage, Track } from "../wire/visitor.ts";
import errands, { cartOf, eventOf } from "./errands.ts";
import { forgetful, welcome } from "./testing.ts";
import { clip, newId } from "./words.ts";

beforeEach(() => void vi.useFakeTimers());

function begin({ tracking = "on" as "on" | "off" | "ask" | null, kept = new Map<string, string>() } = {}) {
  const sent: FromPage[] = [];
  const now = { tracking, up: true };
  const bag = errands({ lasting: forgetful(kept), send: (frame) => now.up && sent.push(frame) > 0, newId, clip, tracking: () => now.tracking });
  return { bag, sent, kept, now };
}
const id = (frame: FromPage | undefined) => (frame as Track).client_id;

test("an event stays in the browser until it is noted", () => {
  const { bag, sent, kept } = begin();
  bag.add("product", { sku: "vase" });
  expect(sent).toMatchObject([{ t: "track", name: "product", properties: { sku: "vase" } }]);
  expect(kept.size).toBe(1);
  bag.heard({ t: "noted", client_id: id(sent[0]) });
  expect(kept.size).toBe(0);
});

test("what the last page could not send goes out from the next one", () => {
  const { bag, now, kept } = begin();
  now.up = false;
  bag.add("order", { id: "7" });
  const next = begin({ kept });
  next.bag.heard(welcome());
  expect(next.sent).toMatchObject([{ name: "order", properties: { id: "7" } }]);
});

test("before a yes or no nothing is stored or sent; a yes sends it, a no throws it away", () => {
  for (const answer of ["on", "off"] as const) {
    const { bag, sent, kept, now } = begin({ tracking: "ask" });
    bag.add("product");
    bag.add(0, { items: [{ name: "vase", price: 34 }] });
    expect([sent.length, kept.size]).toEqual([0, 0]);
    now.tracking = answer;
    bag.heard(welcome({ tracking: answer }));
    expect(sent.length).toBe(answer === "on" ? 2 : 0);
    now.tracking = "on";
    bag.heard(welcome());
    expect(sent.length).toBe(answer === "on" ? 4 : 0);
  }
});

test("who it is waits for the same yes", () => {
  const { bag, sent, now } = begin({ tracking: "ask" });
  bag.add(1, { token: "a.b.c" });
  bag.heard(welcome({ tracking: "ask" }));
  now.tracking = "off";
  bag.heard(welcome({ tracking: "off" }));
  expect(sent).toEqual([]);
  now.tracking = "on";
  bag.heard(welcome());
  expect(sent).toMatchObject([{ t: "identify", token: "a.b.c" }]);
});

test("half characters are mended, and text that only looks like one stays", () => {
  const properties = { path: "C:\\udata\\ud83d", half: "a\ud83d" };
  expect(eventOf("x", properties, "12345678", clip).properties).toEqual({ ...properties, half: "a\ufffd" });
});

test("nothing goes out that the hub would hang up for", () => {
  const { bag, sent } = begin();
  const warned = vi.spyOn(console, "warn").mockReturnValue();
  bag.add("big", { text: "\u0416".repeat(33_000) });
  bag.add(1, { token: "x".repeat(70_000) });
  expect([sent.length, warned.mock.calls.length]).toEqual([0, 2]);
  bag.add(0, { items: Array.from({ length: 200 }, () => ({ name: "\u0416".repeat(200), price: 2 })) });
  const [cart] = sent as Cart[];
  expect(new TextEncoder().encode(JSON.stringify(cart)).length).toBeLessThan(65_536);
  expect(cart!.items!.length).toBeGreaterThan(100);
  expect(cart!.value).toBe(400);
  warned.mockRestore();
});

test("too many at once go one by one, each after the answer to the one before", () => {
  const { bag, sent } = begin();
  for (let n = 0; n < 30; n++) bag.add(`event ${n}`);
  const answer = (frame: FromPage, late: boolean) =>
    bag.heard(late ? { t: "refused", code: "rate_limited", message: "", client_id: id(frame), retry_after: 0.2 } : { t: "noted", client_id: id(frame) });
  sent.splice(0).forEach((frame, n) => answer(frame, n >= 10));
  let count = 0;
  while (vi.getTimerCount() || sent.length) {
    vi.advanceTimersByTime(1_000);
    expect(sent.length).toBe(1);
    answer(sent.shift()!, count++ % 5 === 4); // now and then still too fast
  }
  expect(count).toBe(24);
  bag.add("later");
  bag.add("and later");
  expect(sent.length).toBe(2);
});

test("only the last cart is of interest", () => {
  const { bag, sent, now } = begin();
  now.up = false;
  bag.add(0, { items: [{ name: "vase", price: 34 }] });
  bag.add(0, { items: [] });
  now.up = true;
  bag.heard(welcome());
  expect(sent).toMatchObject([{ t: "cart", items: [], value: 0 }]);
});

test("too fast waits as long as the hub says; refused for good is dropped", () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const { bag, sent, kept } = begin();
  bag.add("product");
  bag.heard({ t: "refused", client_id: id(sent[0]), code: "rate_limited", message: "Slower.", retry_after: 2 });
  vi.advanceTimersByTime(1_900);
  expect(sent.length).toBe(1);
  vi.advanceTimersByTime(200);
  expect(sent.length).toBe(2);
  bag.heard({ t: "refused", client_id: id(sent[0]), code: "bad_request", message: "No." });
  expect(kept.size).toBe(0);
});

test("carts are read as shops write them", () => {
  const cart = cartOf({ items: [{ name: "Vase", price: "34", qty: 2 }, { sku: "x", price: -1, quantity: "many" }], currency: "eur" }, "id-id-id", clip);
  expect(cart).toEqual({
    t: "cart", client_id: "id-id-id", value: 68, currency: "EUR",
    items: [{ name: "Vase", price: 34, quantity: 2, sku: "", url: "" }, { name: "x", price: 0, quantity: 1, sku: "x", url: "" }],
  });
  expect(cartOf(undefined, "id-id-id", clip)).toMatchObject({ items: [], value: 0, currency: "" });
});

test("of a form only names are told, once for each field", () => {
  document.body.innerHTML = '<form name="pay"><input name="email" value="a secret"></form>';
  const field = document.querySelector("input")!;
  expect(JSON.stringify(eventOf("form_error", field, "id-id-id", clip))).not.toContain("secret");
  const { bag, sent } = begin();
  bag.add("form_error", field);
  bag.add("form_error", field);
  expect(sent).toMatchObject([{ name: "form_error", properties: { field: "email" } }]);
});

test("properties that are no JSON become none", () => {
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  expect(eventOf("x", loop, "id-id-id", clip).properties).toEqual({});
  expect(eventOf("x", [1], "id-id-id", clip).properties).toEqual({ value: [1] });
  expect(eventOf("x", { a: "\ud800b" }, "id-id-id", clip).properties).toEqual({ a: "\ufffdb" });
});

test("who it is is said on every line until it is answered, and never stored", () => {
  const { bag, sent, kept } = begin();
  bag.add(1, { token: "signed" });
  bag.heard(welcome());
  expect(sent.map(({ t }) => t)).toEqual(["identify", "identify"]);
  expect(kept.size).toBe(0);
  bag.heard({ t: "identified", client_id: id(sent[0]), level: "verified" });
  bag.heard(welcome());
  expect(sent.length).toBe(2);
  bag.add(1, { token: "signed" });
  bag.clear();
  bag.heard(welcome());
  expect(sent.length).toBe(3);
});
