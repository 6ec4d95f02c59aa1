// What a browser keeps between pages, also where it may keep nothing.

import { beforeEach, expect, test } from "vitest";
import { memory } from "./memory.ts";

beforeEach(() => localStorage.clear());

const forbidden = () => {
  throw new DOMException("no", "SecurityError");
};
const full = () => {
  const area = { getItem: () => null, setItem: forbidden, removeItem() {} };
  return area as unknown as Storage;
};

test.each([["allowed", () => localStorage], ["forbidden", forbidden], ["full", full]])("storage %s: what is set is there, what is forgotten is gone", (_, storage) => {
  const it = memory(storage, "hub:shop:");
  it.set("token", "a");
  it.set("out:1", "x");
  expect(it.get("token")).toBe("a");
  expect(it.names("out:")).toEqual(["out:1"]);
  it.set("token", null);
  expect(it.get("token")).toBeNull();
});

test("what another tab wrote is seen, and another site's is not", () => {
  const it = memory(() => localStorage, "hub:shop:");
  it.set("token", "a");
  localStorage.setItem("hub:shop:token", "b");
  localStorage.setItem("hub:other:out:9", "x");
  expect(it.get("token")).toBe("b");
  expect(it.names("")).toEqual(["token"]);
});
