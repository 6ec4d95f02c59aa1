// The picture of the evidence keeps its promises for 2 to 400 pieces, and the chain reads as sentences.

import { describe, expect, it } from "vitest";
import type { Explanation, WhyTouch } from "../../../wire/evidence";
import { id } from "../../testing/people";
import { MOST, middleOf, picture } from "./drawing";
import { apartWords, linkWords } from "./words";

const DAY = 86_400_000;
const MAY = Date.UTC(2019, 4, 1, 12);

/** A small reproducible random source. */
function dice(seed: number): (sides: number) => number {
  let state = seed + 1;
  return (sides) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % sides;
  };
}

function evidence(pieces: number, seed: number): Explanation {
  const roll = dice(seed);
  const kinds = ["email", "phone", "user_id", "device", "session"];
  const identifiers = Array.from({ length: 1 + Math.ceil(pieces / 3) }, (_, at) => ({ kind: kinds[roll(5)]!, value: `v${at}`, level: "observed" as const, status: "links" }));
  const touches = Array.from({ length: pieces }, (_, at): WhyTouch => ({
    item: { k: "touch", id: id(at + 1), kind: ["visit", "order", "call"][roll(3)]!, channel: "web", at: MAY + at * DAY, title: `Order ${at}` },
    touches: 1 + roll(40),
    holds: [...new Set([roll(identifiers.length), roll(identifiers.length)])].map((identifier) => ({ identifier, level: (["verified", "observed", "asserted"] as const)[roll(3)]!, joins: roll(4) > 0 })),
  }));
  const links = roll(2) ? [{ touches: [0, pieces - 1], level: "verified" as const, decision: { id: id(900), op: "same", author: "Ana", at: MAY } }] : [];
  return { customer: id(1), touches, identifiers, links };
}

describe("the picture", () => {
  it("has few boxes however much there is, every piece in exactly one of them, and every line between two of them", () => {
    for (const pieces of [2, 3, 9, 10, 50, 200, 400])
      for (let seed = 0; seed < 5; seed++) {
        const said = evidence(pieces, seed * 7 + pieces);
        const drawn = picture(said);
        expect(drawn.touches.length).toBeLessThanOrEqual(MOST);
        expect(drawn.keys.length).toBeLessThanOrEqual(MOST);
        const places = drawn.touches.flatMap((box) => box.touches).sort((a, b) => a - b);
        expect(places).toEqual(said.touches!.map((_, at) => at));
        expect(drawn.touches.reduce((sum, box) => sum + box.count, 0)).toBe(said.touches!.reduce((sum, one) => sum + one.touches, 0));
        const named = drawn.keys.flatMap((box) => box.identifiers);
        expect(new Set(named).size).toBe(named.length);
        for (const line of drawn.lines) {
          expect(drawn.touches.some((box) => box.id === line.from)).toBe(true);
          expect(drawn.keys.some((box) => box.id === line.to)).toBe(true);
        }
        expect(picture(said)).toEqual(drawn);
        expect([...drawn.touches, ...drawn.keys].filter((box) => box.rest).length).toBeLessThanOrEqual(2);
      }
  });

  it("folds what carries the same, and puts a line for each level", () => {
    const touch = (n: number, kind: string, ...holds: number[]): WhyTouch => ({
      item: { k: "touch", id: id(n), kind, channel: "web", at: MAY + n * DAY, title: "" }, touches: 1,
      holds: holds.map((identifier) => ({ identifier, level: identifier === 0 ? "verified" : "asserted" })),
    });
    const drawn = picture({
      customer: id(1), touches: [touch(1, "visit", 1), touch(2, "visit", 1), touch(3, "order", 0, 1)],
      identifiers: [{ kind: "user_id", value: "42", level: "verified", status: "links" }, { kind: "email", value: "a@b.org", level: "asserted", status: "links" }],
    });
    expect(drawn.touches.map((box) => box.count)).toEqual([2, 1]);
    expect(drawn.lines.map((line) => [line.from, line.to, line.level])).toEqual([["t0", "k1", "asserted"], ["t1", "k0", "verified"], ["t1", "k1", "asserted"]]);
  });

  it("spreads boxes evenly over the height", () => {
    expect([0, 1, 2].map((at) => middleOf(at, 3, 300))).toEqual([50, 150, 250]);
  });
});

describe("the words", () => {
  const said: Explanation = {
    customer: id(1),
    touches: [
      { item: { k: "touch", id: id(1), kind: "visit", channel: "web", at: MAY + 2 * DAY, title: "Vases" }, touches: 1 },
      { item: { k: "touch", id: id(2), kind: "order", channel: "shop", at: MAY + 3 * DAY, title: "Order 4711" }, touches: 1 },
    ],
    identifiers: [{ kind: "user_id", value: "42", level: "verified", status: "links" }, { kind: "device", value: "", level: "observed", status: "links" }],
  };

  it("say what happened and what it carries", () => {
    expect(linkWords({ touches: [0, 1], level: "verified", identifier: 0 }, said)).toMatch(/^Visit, .*2019 and Order 4711, .*2019 carry the same account 42 \(verified\)$/);
    expect(linkWords({ touches: [0, 1], level: "observed", identifier: 1 }, said)).toContain("in the same browser");
    expect(linkWords({ touches: [], level: "verified", decision: { id: id(3), op: "same", author: "Ann", at: MAY } }, said)).toBe("Ann decided that this is one person");
  });

  it("say who stayed apart, and why", () => {
    const others = [{ id: id(9), name: "Bo Lee", level: "asserted" as const }];
    expect(apartWords({ reason: "names", identifier: 0, others }, said)).toBe("Bo Lee also carries account 42, under another name");
    expect(apartWords({ reason: "never", others, decision: { id: id(3), op: "never", author: "Ann", at: MAY } }, said)).toBe("Bo Lee: Ann decided that these are two people");
    expect(apartWords({ reason: "shared", identifier: 0, others, more: 7 }, said)).toContain("Bo Lee and 7 more");
    expect(apartWords({ reason: "something new", identifier: 0, others }, said)).toContain("Bo Lee");
  });
});
