// The waterfall: rows that hand the sum on, a scale on which everything has its place.

import { expect, test } from "vitest";
import { bitsOf, place, waterfall } from "./waterfall";

const step = (field: string, bits: number) => ({ field, level: "same", bits, a: "x", b: "y" });
const one = { prior: -5, bits: 4.5, steps: [step("surname", 5), step("given", -3), step("email", 7.5)] };

test("each row begins where the one before it ended", () => {
  const { bars } = waterfall(one);
  expect(bars.map(({ kind, from, to }) => [kind, from, to])).toEqual([
    ["prior", 0, -5], ["step", -5, 0], ["step", 0, -3], ["step", -3, 4.5], ["total", 0, 4.5],
  ]);
});

test("the total is the hub's, whatever rounding left over", () => {
  expect(waterfall({ ...one, bits: 4.52 }).bars.at(-1)).toMatchObject({ kind: "total", bits: 4.52, to: 4.52 });
});

test("everything that is drawn lies between 0 and 100", () => {
  for (const each of [one, { prior: 0, bits: 0, steps: [] }, { prior: 3, bits: 40, steps: [step("dob", 37)] }]) {
    const fall = waterfall(each);
    const places = [...fall.bars.flatMap(({ from, to }) => [from, to]), bitsOf(0.5), bitsOf(0.95)].map((value) => place(fall, value));
    expect(Math.min(...places)).toBeCloseTo(0);
    expect(Math.max(...places)).toBeCloseTo(100);
  }
});
