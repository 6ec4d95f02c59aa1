// One page and its socket: hello, resume, gaps and other people in the same browser.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FromPage, Hello, ToPage } from "../wire/visitor.ts";
import { session } from "./session.ts";
import { welcome } from "./testing.ts";
import type { Dial } from "./transport.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A hub at the other end: every dialled line, and what came over it. */
function hub({ last = null as string | null } = {}) {
  const lines: { kind: string; sent: FromPage[]; hung: boolean; say(frame: ToPage): void; end(code: number): void }[] = [];
  const ups: (string | null)[] = [];
  const got: ToPage[] = [];
  const dial = (kind: string): Dial => (_origin, hello, heard, gone) => {
    const line = { kind, sent: [hello] as FromPage[], hung: false, say: heard, end: gone };
    lines.push(line);
    return { send: (frame) => void line.sent.push(frame), close: () => void (line.hung = true) };
  };
  const hello: Hello = { t: "hello", site: "shop", tab: "tab-tab-tab" };
  const page = session({
    origin: "https://hub.example", socket: dial("socket"), poll: async () => ({ poll: dial("poll") }), last,
    hello: () => hello, beat: () => ({ t: "beat", active: 1 }), heard: (frame) => void got.push(frame), up: (kind) => void ups.push(kind), random: () => 1,
  });
  return { page, lines, ups, got, newest: () => lines.at(-1)! };
}

test("hello comes first, and nothing is sent before the welcome", () => {
  const { page, newest } = hub();
  page.enter();
  expect(page.send({ t: "reset" })).toBe(false);
  newest().say(welcome());
  expect(page.send({ t: "reset" })).toBe(true);
  expect(newest().sent.map(({ t }) => t)).toEqual(["hello", "reset"]);
});

test("a lost line is dialled again after the backoff, which grows", () => {
  const { page, lines, newest } = hub();
  page.enter();
  for (const wait of [500, 1000, 2000]) {
    newest().say(welcome());
    const before = lines.length;
    newest().end(1006);
    vi.advanceTimersByTime(wait - 1);
    expect(lines.length).toBe(before);
    vi.advanceTimersByTime(1);
    expect(lines.length).toBe(before + 1);
  }
});

test("an answered beat proves the line and forgets the failures", () => {
  const { page, lines, newest } = hub();
  page.enter();
  newest().end(1006);
  vi.advanceTimersByTime(500);
  newest().say(welcome());
  newest().say({ t: "beat", now: 1 });
  newest().end(1006);
  vi.advanceTimersByTime(500);
  expect(lines.length).toBe(3);
});

test("beats go out at the hub's pace", () => {
  const { page, newest } = hub();
  page.enter();
  newest().say(welcome({ beat: 10 }));
  for (let i = 0; i < 3; i++) {
    vi.advanceTimersByTime(10_000);
    newest().say({ t: "beat", now: 1 });
  }
  expect(newest().sent.filter(({ t }) => t === "beat").length).toBe(3);
});

test("a line that only looks open is given up after two and a half beats", () => {
  const { page, lines, ups, newest } = hub();
  page.enter();
  newest().say(welcome({ beat: 10 }));
  vi.advanceTimersByTime(24_000);
  expect(ups).toEqual(["socket"]);
  vi.advanceTimersByTime(1_500);
  expect(ups).toEqual(["socket", null]);
  expect(lines[0]!.hung).toBe(true);
  expect(lines.length).toBe(2);
});

test("two sockets that do not open lead to the long-poll, and a third failure back", async () => {
  const { page, lines, newest } = hub();
  page.enter();
  for (let i = 0; i < 3; i++) {
    newest().end(1006);
    await vi.advanceTimersByTimeAsync(30_000);
  }
  expect(lines.slice(0, 4).map(({ kind }) => kind)).toEqual(["socket", "socket", "poll", "socket"]);
});

test("where sockets worked before, a restart of the hub does not drive the page to the long-poll", async () => {
  const { page, lines, newest } = hub();
  page.enter();
  newest().say(welcome());
  for (let i = 0; i < 6; i++) {
    newest().end(1006);
    await vi.advanceTimersByTimeAsync(30_000);
  }
  expect(lines.slice(0, 7).map(({ kind }) => kind)).toEqual(["socket", "socket", "socket", "socket", "socket", "socket", "poll"]);
});

test("a socket that hangs in a proxy counts as not opened", async () => {
  const { page, lines } = hub();
  page.enter();
  await vi.advanceTimersByTimeAsync(22_000);
  expect(lines.map(({ kind }) => kind)).toEqual(["socket", "socket", "poll"]);
});

test("a tab that needed the long-poll begins with it on the next page", async () => {
  const { page, lines } = hub({ last: "poll" });
  page.enter();
  await vi.advanceTimersByTimeAsync(0);
  expect(lines.map(({ kind }) => kind)).toEqual(["poll"]);
});

test.each([1008, 4404])("after close code %i nobody asks again", async (code) => {
  const { page, lines, newest } = hub();
  page.enter();
  newest().end(code);
  await vi.advanceTimersByTimeAsync(3_600_000);
  page.now();
  expect(lines.length).toBe(1);
});

test("frames of a line that was given up are not heard", () => {
  const { page, lines, got } = hub();
  page.enter();
  lines[0]!.say(welcome());
  page.again();
  lines[0]!.say({ t: "beat", now: 1 });
  expect(got.length).toBe(1);
});

test("a page that goes away says how long it was looked at, and returns with a hello", () => {
  const { page, lines, newest } = hub();
  page.enter();
  newest().say(welcome());
  page.leave();
  expect(lines[0]!.sent.at(-1)).toEqual({ t: "beat", active: 1 });
  expect(lines[0]!.hung).toBe(true);
  vi.advanceTimersByTime(60_000);
  expect(lines.length).toBe(1);
  page.enter();
  expect(lines[1]!.sent[0]!.t).toBe("hello");
});

test("the network's return does not wait for the backoff", () => {
  const { page, lines, newest } = hub();
  page.enter();
  newest().end(1006);
  page.now();
  expect(lines.length).toBe(2);
  vi.advanceTimersByTime(600);
  expect(lines.length).toBe(2);
});
