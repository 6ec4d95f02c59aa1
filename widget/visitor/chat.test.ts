// The conversation as the panel drives it: sending, resending, catching up.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { MAX_TEXT } from "../wire/common.ts";
import type { FromPage } from "../wire/visitor.ts";
import { chat } from "./chat.ts";
import type { Memory } from "./memory.ts";
import { forgetful, ID, OTHER, said, talk, welcome } from "./testing.ts";
import { guard, newId } from "./words.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function begin(lasting: Memory = forgetful()) {
  const sent: FromPage[] = [];
  let up = true;
  let again = 0;
  const it = chat({ lasting, notes: forgetful(), tabs() {}, guard, newId, changed() {}, again: () => void again++, send: (frame) => up && sent.push(frame) > 0 });
  const of = (t: string) => sent.filter((frame) => frame.t === t) as unknown as Record<string, unknown>[];
  return { it, sent, of, cut: () => (up = false), mend: () => (up = true), again: () => again };
}

test("the first message opens the conversation, the next joins it", () => {
  const { it, of } = begin();
  it.heard(welcome());
  it.say("  hello ");
  const [open] = of("open");
  expect(open).toMatchObject({ text: "hello" });
  it.heard({ t: "sent", client_id: open!.client_id as string, conversation: ID, seq: 1, at: 1 });
  it.say("there");
  expect(of("say")[0]).toMatchObject({ text: "there", conversation: ID });
  expect(it.room().said.map(({ text }) => text)).toEqual(["hello"]);
  expect(it.entries().length).toBe(1);
});

test("a lost acknowledgement does not double the message", () => {
  const { it, of } = begin();
  it.heard(welcome());
  it.say("hello");
  const client_id = of("open")[0]!.client_id as string;
  it.heard(welcome({ talk: talk({ seq: 1 }), messages: [said(1, { author: "visitor", client_id, text: "hello" })] }));
  expect(of("open").length).toBe(1);
  expect(it.entries()).toEqual([]);
  expect(it.room().said.length).toBe(1);
});

test("what was said without a line goes out after the welcome", () => {
  const { it, of, cut, mend } = begin();
  it.heard(welcome());
  cut();
  it.say("one");
  it.say("two");
  mend();
  it.heard(welcome());
  expect(of("open").map(({ text }) => text)).toEqual(["one", "two"]);
});

test("messages are reported delivered at once and read when seen, in one frame for a burst", () => {
  const { it, of } = begin();
  it.heard(welcome({ talk: talk() }));
  for (const seq of [1, 2, 3]) it.heard(said(seq));
  vi.advanceTimersByTime(200);
  expect(of("cursor")).toEqual([{ t: "cursor", conversation: ID, delivered: 3, read: 0 }]);
  expect(it.unread()).toBe(3);
  it.look(true);
  vi.advanceTimersByTime(200);
  expect(of("cursor").at(-1)).toMatchObject({ delivered: 3, read: 3 });
  expect(it.unread()).toBe(0);
  it.heard({ t: "talk", talk: talk({ seq: 3, mine: { delivered: 3, read: 3 } }) });
  vi.advanceTimersByTime(200);
  expect(of("cursor").length).toBe(2);
});

test("reading without a line is reported when there is one", () => {
  const { it, of, cut, mend } = begin();
  it.heard(welcome({ talk: talk({ seq: 1 }), messages: [said(1)] }));
  cut();
  it.look(true);
  vi.advanceTimersByTime(200);
  expect(it.unread()).toBe(0);
  mend();
  it.heard(welcome({ talk: talk({ seq: 1 }) }));
  vi.advanceTimersByTime(200);
  expect(of("cursor").at(-1)).toMatchObject({ read: 1 });
});

test("a hole leads to a new hello that says what the page has", () => {
  const { it, again } = begin();
  it.heard(welcome({ talk: talk() }));
  it.heard(said(1));
  it.heard(said(3));
  expect(again()).toBe(1);
  expect(it.resume()).toEqual({ conversation: ID, have: 1 });
});

test("news of a message that never comes leads to a new hello too", () => {
  const { it, again } = begin();
  it.heard(welcome({ talk: talk() }));
  it.heard({ t: "talk", talk: talk({ seq: 1 }) });
  vi.advanceTimersByTime(2_900);
  expect(again()).toBe(0);
  vi.advanceTimersByTime(200);
  expect(again()).toBe(1);
});

test("resync begins from nothing", () => {
  const { it, again } = begin();
  it.heard(welcome({ talk: talk({ seq: 1 }), messages: [said(1)] }));
  it.heard({ t: "resync" });
  expect(again()).toBe(1);
  expect(it.resume()).toEqual({});
  it.heard(welcome({ talk: talk({ id: OTHER }) }));
  expect(it.room(), "another person may sit here now: nothing of the one before is left").toMatchObject({ past: [], said: [] });
});

test("too fast is tried again when the hub says so, refused for good is not", () => {
  const { it, of } = begin();
  it.heard(welcome({ talk: talk() }));
  it.say("one");
  it.heard({ t: "refused", client_id: of("say")[0]!.client_id as string, code: "rate_limited", message: "Slower.", retry_after: 2 });
  vi.advanceTimersByTime(1_900);
  expect(of("say").length).toBe(1);
  vi.advanceTimersByTime(700);
  expect(of("say").length).toBe(2);
  it.heard({ t: "refused", client_id: of("say")[0]!.client_id as string, code: "blocked", message: "No." });
  expect(it.entries()[0]?.failed?.code).toBe("blocked");
});

test("a full outbox that the hub slows down goes out in order, one by one", () => {
  const { it, of, cut, mend } = begin();
  it.heard(welcome({ talk: talk() }));
  cut();
  for (let i = 1; i <= 6; i++) it.say(`${i}`);
  mend();
  it.heard(welcome({ talk: talk() }));
  const sent = of("say").splice(0);
  let seq = 0;
  const accept = (frame: Record<string, unknown>) =>
    it.heard({ t: "sent", client_id: frame.client_id as string, conversation: ID, seq: ++seq, at: 1 });
  sent.slice(0, 2).forEach(accept);
  for (const frame of sent.slice(2)) it.heard({ t: "refused", client_id: frame.client_id as string, code: "rate_limited", message: "Slower.", retry_after: 1 });
  expect(of("say").length).toBe(6);
  vi.advanceTimersByTime(1_300);
  expect(of("say").slice(6).map(({ text }) => text)).toEqual(["3"]);
  for (let next = 6; next < 10; next++) accept(of("say")[next]!);
  expect(it.room().said.map(({ text }) => text)).toEqual(["1", "2", "3", "4", "5", "6"]);
  expect(of("say").length).toBe(10);
});

test("a message to a conversation that is no longer ours begins where we are now", () => {
  const { it, of } = begin();
  it.heard(welcome({ talk: talk() }));
  it.say("one");
  it.heard(welcome());
  it.heard({ t: "refused", client_id: of("say")[0]!.client_id as string, code: "not_found", message: "No." });
  expect(of("open").map(({ text }) => text)).toEqual(["one"]);
});

test("trying again makes a new message of a failed one", () => {
  const { it, of } = begin();
  it.heard(welcome({ talk: talk() }));
  it.say("one");
  const first = of("say")[0]!.client_id as string;
  it.heard({ t: "refused", client_id: first, code: "nonsense", message: "No." });
  it.retry(first);
  expect(it.entries().map(({ frame, failed }) => [frame.client_id === first, failed])).toEqual([[false, undefined]]);
});

test("after the end the next message begins a new conversation", () => {
  const { it, of } = begin();
  it.heard(welcome({ talk: talk({ seq: 1 }), messages: [said(1)] }));
  it.end();
  it.end();
  expect(it.entries().length).toBeGreaterThan(0);
  it.heard({ t: "talk", talk: talk({ seq: 1, status: "closed" }) });
  expect(it.entries()).toEqual([]);
  it.say("again");
  it.heard({ t: "sent", client_id: of("open")[0]!.client_id as string, conversation: OTHER, seq: 1, at: 2 });
  expect(it.room().past.length).toBe(1);
});

test("half a character becomes a sign that the hub can read", () => {
  const { it, of } = begin();
  it.heard(welcome());
  it.say("a\ud83d");
  expect(of("open")[0]!.text).toBe("a\ufffd");
});

test("typing is believed until a message, a lost end, or a new line", () => {
  const { it } = begin();
  it.heard(welcome({ talk: talk() }));
  it.heard({ t: "typing", conversation: ID, on: true, name: "Ana" });
  expect(it.typist()).toBe("Ana");
  it.heard(said(1));
  expect(it.typist()).toBeNull();
  it.heard({ t: "typing", conversation: ID, on: true });
  vi.advanceTimersByTime(31_000);
  expect(it.typist()).toBeNull();
});

test("the composer's limit is the hub's", async () => {
  const { MAX_TEXT: own } = await import("./composer.ts");
  expect(own).toBe(MAX_TEXT);
});
