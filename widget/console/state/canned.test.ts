// What a slash looks for, which replies fit it, and what becomes of the places a reply leaves open.

import { signal } from "@preact/signals";
import { beforeEach, describe, expect, it } from "vitest";
import type { CannedReply } from "../../wire/console";
import { id } from "../testing/people";
import { asked, Canned, filled, gaps, type Known, VARIABLES } from "./canned";
import { fromSnapshot } from "./topics";

const known: Known = {
  row: { name: "Ana Ruiz", site: "shop" }, visitor: { title: "Blue vase", url: "https://shop.example/vase" },
  operator: "Mara", siteNames: { shop: "The Shop" },
};
const nobody: Known = { ...known, row: { name: "", site: "other" }, visitor: null };

describe("the slash", () => {
  it.each([["/", 0, ""], ["/hel", 0, "hel"], ["Hi /x", 3, "x"], ["line\n/größe", 5, "größe"]])("asks in %j", (text, from, words) => {
    expect(asked(text, text.length)).toEqual({ from, words });
  });
  it.each(["and/or", "https://", "/a/b", "/two words", "", "8/10", "/hello "])("asks nothing in %j", (text) => {
    expect(asked(text, text.length)).toBeNull();
  });
  it("asks where the caret is", () => expect(asked("/one two", 4)).toEqual({ from: 0, words: "one" }));
});

describe("open places", () => {
  it("become what is known", () => {
    expect(filled("{{customer.name}}, {{ customer.first_name }}, {{operator.name}}, {{page.title}}, {{page.url}}, {{site.name}}", known))
      .toBe("Ana Ruiz, Ana, Mara, Blue vase, https://shop.example/vase, The Shop");
  });
  it("become their own words when nothing is known, and stay where there are none", () => {
    expect(filled("Hi {{customer.first_name|there}}, {{page.title| this page }}{{site.name|}}.", nobody)).toBe("Hi there, this page.");
    expect(filled("Hi {{customer.name}}", nobody)).toBe("Hi {{customer.name}}");
  });
  it.each([["Dr. Ana Ruiz", "Ana"], ["Frau Ruiz", "Ruiz"], ["李小龙", "李小龙"], ["ana@ruiz.example", "there"], ["+49 30 123", "there"], ["Zoë 🌻", "Zoë"]])(
    "call %s %s", (name, first) => expect(filled("{{customer.first_name|there}}", { ...known, row: { name, site: "shop" } })).toBe(first),
  );
  it("are not filled with what a name says", () => {
    const sly = { ...known, row: { name: "{{operator.name}} $& $1", site: "shop" } };
    expect(filled("{{customer.name|x}}", sly)).not.toContain("Mara");
    expect(gaps(filled("{{customer.name}}", { ...known, row: { name: "$&", site: "shop" } }))).toEqual([]);
  });
  it("are found, and nothing else is", () => {
    for (const name of VARIABLES) expect(gaps(`a {{ ${name} }} b {{${name}|x}}`)).toHaveLength(2);
    expect(gaps("{{ product }} {customer.name} {{customer.name")).toEqual([]);
  });
});

describe("finding", () => {
  const reply = (n: number, shortcut: string, more: Partial<CannedReply> = {}): CannedReply => ({ k: "canned", id: id(n), shortcut, title: "", text: "…", ...more });
  const book = (shared: CannedReply[], own: CannedReply[] = []) => {
    const topic = (items: CannedReply[]) => signal(fromSnapshot({ t: "snapshot", topic: "canned", n: 1, items }));
    return new Canned("me", topic(shared), topic(own));
  };
  const names = (found: CannedReply[]) => found.map((one) => one.shortcut);
  beforeEach(() => localStorage.clear());

  it("puts beginnings before middles, shortcuts before titles, titles before texts", () => {
    const all = book([reply(1, "zz", { text: "about returns" }), reply(2, "yy", { title: "Returns" }), reply(3, "no-ret"), reply(4, "returns"), reply(5, "other")]);
    expect(names(all.find("ret"))).toEqual(["returns", "no-ret", "yy", "zz"]);
  });
  it("forgives left-out letters, case and accents", () => {
    const all = book([reply(1, "größe"), reply(2, "shipping"), reply(3, "other")]);
    expect(names(all.find("GROSSE".replace("SS", "ß")))).toEqual(["größe"]);
    expect(names(all.find("shpg"))).toEqual(["shipping"]);
    expect(all.find("xyz")).toEqual([]);
  });
  it("puts what was used lately first, also after a reload", () => {
    const shared = [reply(1, "a"), reply(2, "b"), reply(3, "c")];
    const all = book(shared);
    all.used(id(3)), all.used(id(2));
    expect(names(all.find(""))).toEqual(["b", "c", "a"]);
    expect(names(book(shared).find(""))).toEqual(["b", "c", "a"]);
  });
  it("offers mine before everybody's, and what belongs to a queue only there", () => {
    const all = book([reply(1, "hi"), reply(2, "other", { queue: id(90) })], [reply(3, "hi", { owner: id(9) })]);
    expect(all.find("", id(91)).map((one) => one.id)).toEqual([id(3), id(1)]);
    expect(names(all.find("", id(90)))).toContain("other");
    expect(names(all.find(""))).toContain("other");
  });
});
