// The panel's head: who answers, and what is promised.

import { expect, test } from "vitest";
import { expectation, initials } from "./head.ts";
import { talk } from "./testing.ts";
import en from "./texts/en.json";

const here = { attended: true };
const away = { attended: false };
const operator = { name: "Ana Ribeiro", initials: "AR" };

test.each([
  ["somebody is there, nothing said", here, null, en.here],
  ["nobody is there", away, null, en.away],
  ["waiting with somebody there", here, talk({ status: "waiting" }), en.waiting],
  ["waiting with nobody there promises nothing", away, talk({ status: "waiting" }), en.away],
  ["an operator has it", away, talk({ operator }), en.with_you],
  ["hands are full", { attended: true, full: true }, null, en.away],
  ["waiting while hands are full", { attended: true, full: true }, talk({ status: "waiting" }), en.waiting],
  ["it has ended", here, talk({ status: "closed", operator }), en.here],
])("%s", (_, site, state, expected) => expect(expectation(site, state, en)).toBe(expected));

test("a face has one or two letters, in any script", () => {
  const faces = [operator, { name: "Blue Door Pottery" }, { name: "Ōsaka" }, { name: "😀 shop" }, { name: "" }].map(initials);
  expect(faces).toEqual(["AR", "BD", "Ō", "😀S", ""]);
});
