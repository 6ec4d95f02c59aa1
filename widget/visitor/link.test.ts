// Links in messages: only web addresses become one.

import { expect, test } from "vitest";
import { parts } from "./link.ts";

const links = (text: string) => parts(text).flatMap(({ href }) => href ?? []);

test.each([
  ["see https://shop.example/a?b=c#d", "https://shop.example/a?b=c#d"],
  ["www.shop.example is ours", "https://www.shop.example/"],
  ["(https://shop.example/a)", "https://shop.example/a"],
  ["https://en.example/wiki/Vase_(pottery).", "https://en.example/wiki/Vase_(pottery)"],
  ["Is it https://shop.example?", "https://shop.example/"],
  ["<https://shop.example/x>", "https://shop.example/x"],
  ["HTTPS://SHOP.EXAMPLE/A", "https://shop.example/A"],
  ["https://shop.example/\u202emoc.knab", "https://shop.example/"],
  ["http://localhost:8001/p/1", "http://localhost:8001/p/1"],
])("%s", (text, href) => expect(links(text)).toEqual([href]));

test.each([
  "javascript:alert(1)", "data:text/html,<b>", "ftp://shop.example", "file:///etc/passwd", "https://", "http://nodots", "shop.example",
  "https://bank.example@evil.example/", "http://localhost@evil.example/", "http://localhost:1@evil.example", "xhttps://shop.example", "mailto:a@b.example",
])("no link: %s", (text) => expect(links(text)).toEqual([]));

test("the pieces joined are the text, whatever it is", () => {
  for (const text of ["", "a", "a https://b.example, c www.d.example. e\nf", "https://a.example https://a.example", "😀 https://b.example/😀"]) {
    expect(parts(text).map((part) => part.text).join("")).toBe(text);
  }
});
