// Names that the bundler writes shorter must be ours alone: what goes over the wire or into storage keeps its name.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { OWN_NAMES } from "../build.mjs";

const read = (path: string) => readFileSync(new URL(path, import.meta.url).pathname, "utf8");

test("no frame, text or stored entry has a name that is written shorter", () => {
  const frames = read("../wire/visitor.ts") + read("../wire/common.ts");
  const texts = { ...JSON.parse(read("texts/en.json")), ...JSON.parse(read("texts/more/en.json")) };
  for (const name of OWN_NAMES) {
    expect(frames, name).not.toMatch(new RegExp(`^  "?${name}"?\\??:`, "m"));
    expect(texts, name).not.toHaveProperty(name);
  }
});

test("no browser object that we use has one either", () => {
  const objects: object[] = [window, document, document.createElement("input"), new Event("x"), new Map(), new Set(), [], Promise.resolve(), new XMLHttpRequest(), navigator];
  for (const name of OWN_NAMES) for (const one of objects) expect(name in one, `${name} in ${one}`).toBe(false);
});
