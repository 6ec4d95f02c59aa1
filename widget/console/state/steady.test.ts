// A list that does not move under the pointer.

import { describe, expect, it } from "vitest";
import { steady } from "./steady";

interface Row { id: string; needs?: boolean }
const rows = (...ids: string[]): Row[] => ids.map((id) => ({ id }));
const rises = (now: Row, then: Row) => !!now.needs && !then.needs;

describe("a list under the pointer", () => {
  it("is the sorted list while it is free", () => {
    expect(steady(rows("a", "b"), null)).toEqual({ shown: [{ row: { id: "a" }, gone: false }, { row: { id: "b" }, gone: false }], fresh: 0 });
  });

  it("keeps its places, shows who left as a shadow, and counts who came", () => {
    const { shown, fresh } = steady(rows("d", "e", "c", "a"), rows("a", "b", "c"));
    expect(shown.map(({ row, gone }) => `${row.id}${gone ? "-" : ""}`)).toEqual(["a", "b-", "c"]);
    expect(fresh).toBe(2);
  });

  it("shows the newest figures in the old places, and counts who now asks for attention", () => {
    const { shown, fresh } = steady([{ id: "b", needs: true }, { id: "a" }], rows("a", "b"), rises);
    expect(shown.map(({ row }) => row)).toEqual([{ id: "a" }, { id: "b", needs: true }]);
    expect(fresh).toBe(1);
  });
});
