// What came while the line was cut is counted from what was known and what is.

import { expect, test } from "vitest";
import { id, row } from "../testing/people";
import { difference } from "./meanwhile";

const ME = id(1);

test("who began to wait, what my customers wrote, and what is no longer mine", () => {
  const before = [row(1), row(2), row(3), row(4, { status: "waiting", operator: null })];
  const after = [
    row(1, { seq: 10 }), // two messages of the customer
    row(2, { operator: id(2) }), // taken over
    row(4, { status: "waiting", operator: null }), // waited before
    row(5, { status: "waiting", operator: null }), // new
  ]; // and 3 is closed
  expect(difference(before, after, ME)).toEqual({ waiting: 1, messages: 2, gone: 2 });
});

test("what I wrote myself is no news", () => {
  const [before, after] = [[row(1)], [row(1, { seq: 11, last_author: "operator" })]];
  expect(difference(before, after, ME, [id(101), id(101)])).toEqual({ waiting: 0, messages: 1, gone: 0 });
});

test("what I finished or handed over myself is no news either", () => {
  expect(difference([row(1), row(2)], [row(2, { operator: id(2) })], ME, [], [id(101), id(102)])).toEqual({ waiting: 0, messages: 0, gone: 0 });
});
