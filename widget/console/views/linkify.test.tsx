// What an operator is shown as a link leads where it says.

import { render } from "preact";
import { afterEach, expect, test } from "vitest";
import { Linked } from "./linkify";

afterEach(() => render(null, document.body));

const links = (text: string) => {
  render(<Linked text={text} names={["Ana"]} />, document.body);
  return [...document.body.querySelectorAll("a")].map((one) => one.textContent);
};

test("addresses are links, the rest stays text and whole", () => {
  expect(links("See https://shop.example/a, please (or http://b.example/x).")).toEqual(["https://shop.example/a", "http://b.example/x"]);
  expect(document.body.textContent).toBe("See https://shop.example/a, please (or http://b.example/x).");
});

test("what shows one name and leads to another is none", () => {
  expect(links("http://localhost@evil.example/ and https://good.example\u202e/moc.live")).toEqual(["https://good.example"]);
  expect(links("javascript:alert(1) file:///etc/passwd")).toEqual([]);
});

test("colleagues are still called around an address", () => {
  links("@Ana look at https://shop.example/a");
  expect(document.body.querySelector(".mention")?.textContent).toContain("Ana");
});
