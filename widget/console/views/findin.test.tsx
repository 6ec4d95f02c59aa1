// Search inside a conversation: counted, walked, marked, and as quick to the first message of a hundred thousand as to the last.

import { describe, expect, it, vi } from "vitest";
import type { Message } from "../../wire/console";
import { marks } from "../state/marking";
import { all, find, open, press, settle, stage, text, write } from "../testing/stage";
import { day, id, message, row } from "../testing/people";

stage();

const TALK = id(100);
const LAST = 100_000;
const said = (seq: number): Message => message(TALK, seq, "visitor", seq % 90_000 === 3 || seq === LAST - 4 ? `the vase ${seq}` : `word ${seq}`, { id: id(500_000 + seq), at: Date.now() - (LAST - seq) * 1000 });
const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => said(from + n));

const long = async () => {
  const setting = day({ mine: 1 });
  setting.topics![`conversation:${TALK}`] = [row(0, { seq: LAST }), ...range(LAST - 49, LAST)];
  const asked: string[] = [];
  const fake = await open({
    ...setting,
    hits: (words) => (words === "vase" ? [LAST - 4, 90_003, 3] : []),
    older: (query) => {
      asked.push(String(query));
      const before = Number(query.get("before"));
      const after = Number(query.get("after"));
      const items = query.has("after") ? range(after + 1, Math.min(after + 50, LAST)) : range(Math.max(1, before - 50), before - 1);
      return { items, more: true };
    },
  });
  find(".talk-row").click();
  await settle();
  return { fake, asked };
};
const seek = async (words: string) => {
  await press("f");
  write(".find-in input", words);
  await vi.waitFor(() => expect(find(".find-in [role=status]").textContent).not.toBe(""), { timeout: 4000 });
  await settle();
};
const seqs = () => all(".said[data-seq]").map((one) => Number(one.dataset["seq"]));

describe("the search inside a conversation", () => {
  it("begins with the newest hit, counts them, and walks back and forth", async () => {
    await long();
    await seek("vase");
    expect(text(".find-in [role=status]")).toEqual(["1 of 3"]);
    await press("Enter", find(".find-in input"));
    expect(text(".find-in [role=status]")).toEqual(["2 of 3"]);
    await press("ArrowDown", find(".find-in input"));
    expect(text(".find-in [role=status]")).toEqual(["1 of 3"]);
    write(".find-in input", "nothing like that");
    await vi.waitFor(() => expect(text(".find-in [role=status]")).toEqual(["Nothing found."]), { timeout: 4000 });
  });

  it("shows a hit far behind by one question, and leads back to the newest", async () => {
    const { asked } = await long();
    await seek("vase");
    await press("ArrowDown", find(".find-in input"));
    await settle();
    expect(asked).toEqual(["before=28"]);
    expect(seqs()).toEqual(range(1, 27).map((one) => one.seq));
    find(".pill").click();
    await settle();
    expect(seqs()).toEqual(range(LAST - 49, LAST).map((one) => one.seq));
  });

  it("tells nobody that the newest was seen while one reads far behind", async () => {
    const { fake } = await long();
    await seek("vase");
    await press("ArrowDown", find(".find-in input"));
    fake.say(`conversation:${TALK}`, { ...said(LAST + 1) });
    await settle();
    const read = fake.heard.filter((frame) => frame.t === "cursor").map((frame) => ("read" in frame ? frame.read : 0));
    expect(Math.max(...read.map((one) => one ?? 0))).toBeLessThanOrEqual(LAST);
  });

  it("ends with Escape", async () => {
    await long();
    await seek("vase");
    await press("Escape", find(".find-in input"));
    expect(find(".find-in")).toBeNull();
  });
});

describe("marks", () => {
  const words = (text: string, typed: string) => marks(text, typed).map(({ from, to }) => text.slice(from, to));
  it.each([
    ["Is the Blue-vase blue?", "blue", ["Blue", "blue"]],
    ["vases and a vase", "vas", ["vases", "vase"]],
    ["vases and a vase", "vase ", ["vases", "vase"]],
    ["vases and a vase", '"vase"', ["vase"]],
    ["CAFÉ, cafe, Cafés", "cafe", ["CAFÉ", "cafe", "Cafés"]],
    ["Größe und Grösse", "größe", ["Größe"]],
    ["مزهرية زرقاء", "زرقاء", ["زرقاء"]],
    ["<b>.*", ".*", []],
    ["x", "  ", []],
  ])("in %j for %j", (text, typed, expected) => {
    expect(words(text, typed)).toEqual(expected);
  });
});
