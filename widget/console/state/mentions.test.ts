// A note calls whom it names, and a name that two people share calls only the one who was chosen.

import { describe, expect, it } from "vitest";
import type { OperatorRow } from "../../wire/console";
import { called, fitting, mentioned, readers, spans } from "./mentions";
import { Called } from "./ringing";

const who = (id: string, name: string, more: Partial<OperatorRow> = {}): OperatorRow => ({ k: "operator", id, name, role: "operator", presence: "available", queues: ["q"], ...more });
const TEAM = [who("1", "Ben Okafor"), who("2", "Benedikt"), who("3", "Zoë Ben"), who("4", "Aiko", { role: "admin", queues: [] }), who("5", "Far Off", { queues: ["other"] })];
const ids = (found: readonly OperatorRow[]) => found.map((one) => one.id);

describe("what is looked for", () => {
  it.each([["@", ""], ["see @be", "be"], ["see @Ben O", "Ben O"], ["(@z", "z"]])("in %j is %j", (text, words) => {
    expect(called(text, text.length)?.words).toBe(words);
  });
  it.each(["a@b", "mail me at a@b.c", "@Ben Okafor said", "no sign"])("in %j is nothing", (text) => {
    expect(called(text, text.length)).toBeNull();
  });
});

describe("colleagues on offer", () => {
  it("may see the conversation: its team and administrators, without me", () => {
    expect(ids(readers(TEAM, { queue: "q" }, "1"))).toEqual(["2", "3", "4"]);
  });
  it("fit by the beginning of any name, whatever the marks; who is there comes first", () => {
    expect(ids(fitting("ben", TEAM))).toEqual(["1", "3", "2"]); // a whole name before the beginning of one
    expect(ids(fitting("zoe", TEAM))).toEqual(["3"]);
    expect(ids(fitting("ben okafor", TEAM))).toEqual(["1"]);
    expect(ids(fitting("be", [who("8", "Bea", { presence: "offline" }), who("9", "Bert")]))).toEqual(["9", "8"]);
    expect(fitting("qqq", TEAM)).toEqual([]);
  });
});

describe("whom a text calls", () => {
  it("is whose whole name follows an @", () => {
    expect(mentioned("@Ben Okafor and @Aiko, not @Benedikts", TEAM, [])).toEqual(["1", "4"]);
    expect(spans("@Ben Okafor, @Ben", ["Ben", "Ben Okafor"])).toEqual([{ from: 0, to: 11 }, { from: 13, to: 17 }]);
  });
  it("is of two with one name the one who was chosen", () => {
    const twins = [who("1", "Kim"), who("2", "Kim")];
    expect(mentioned("@Kim", twins, ["2"])).toEqual(["2"]);
    expect(mentioned("@Kim", twins, [])).toEqual([]);
  });
});

describe("the sound of a mention", () => {
  const one = (id: string, seq: number) => ({ k: "mention" as const, id, seq, at: 0, by: "Ben", count: 1 });
  it("is for what comes, not for what lay there", () => {
    const calls = new Called();
    expect(calls.news([one("a", 3)])).toEqual([]);
    expect(calls.news([one("a", 3), one("b", 1)])).toEqual([one("b", 1)]);
    expect(calls.news([one("a", 5), one("b", 1)])).toEqual([one("a", 5)]);
    expect(calls.news([one("b", 1)])).toEqual([]);
  });
});
