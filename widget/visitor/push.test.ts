// What is kept of a page that is left, and put back.

import { beforeEach, expect, test } from "vitest";
import { keep, restore } from "./push.ts";

const FORM = `<form>
  <input name="email" value=""><input type="password" name="secret1" value=""><input name="card_number" value="">
  <input name="cc" autocomplete="cc-number"><input type="hidden" name="csrf" value="x"><input type="checkbox" name="gift">
  <textarea name="note"></textarea><select name="size"><option>S</option><option>M</option></select>
</form>`;

beforeEach(() => void (document.body.innerHTML = FORM));
const field = (name: string) => document.querySelector<HTMLInputElement>(`[name=${name}]`)!;

test("words come back, secrets are not kept", () => {
  for (const name of ["email", "secret1", "card_number", "cc", "note"]) field(name).value = `my ${name}`;
  field("gift").checked = true;
  field("size").value = "M";
  const kept = keep(document);
  expect(JSON.stringify(kept)).not.toMatch(/secret1|card_number|my cc|csrf/);
  document.body.innerHTML = FORM;
  const heard: string[] = [];
  document.body.addEventListener("input", ({ target }) => heard.push((target as HTMLInputElement).name));
  restore(document, kept);
  expect([field("email").value, field("note").value, field("size").value, field("gift").checked]).toEqual(["my email", "my note", "M", true]);
  expect(field("secret1").value).toBe("");
  expect(heard).toEqual(["email", "gift", "note", "size"]);
});

test("a page that has changed gets nothing in the wrong place", () => {
  field("email").value = "me";
  const kept = keep(document);
  document.body.innerHTML = '<input name="other"><input name="email">';
  restore(document, kept);
  expect(field("other").value).toBe("");
});
