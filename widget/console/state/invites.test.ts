// Invitations: each meets its fate once, and an accepted one opens.

import { beforeEach, describe, expect, it } from "vitest";
import type { VisitorRow } from "../../wire/console";
import { visitor } from "../testing/people";
import { Invites } from "./invites";
import { Pages } from "./pages";

type Fate = NonNullable<VisitorRow["invitation"]>;
const at = (invitation: Fate, conversation: string | null = null) => visitor(1, { invitation, conversation });

beforeEach(() => localStorage.clear());

describe("the fate of an invitation", () => {
  it("ends once, when it is accepted and there is a conversation to open", () => {
    const invites = new Invites("me");
    invites.sent(at(""), "Hello");
    expect(invites.ended([at("offered")])).toEqual([]);
    expect(invites.ended([at("shown")])).toEqual([]);
    expect(invites.ended([at("accepted")])).toEqual([]);
    expect(invites.ended([at("accepted", "c")]).map((one) => one.fate)).toEqual(["accepted"]);
    expect(invites.ended([at("accepted", "c")])).toEqual([]);
  });

  it("is not mistaken for that of an earlier one", () => {
    const invites = new Invites("me");
    invites.sent(at("expired"), "Again?");
    expect(invites.ended([at("expired")])).toEqual([]);
    invites.ended([at("offered")]);
    expect(invites.ended([at("expired")]).map((one) => one.fate)).toEqual(["expired"]);
  });

  it("of a colleague's invitation opens nothing here", () => {
    expect(new Invites("me").ended([at("accepted", "c")])).toEqual([]);
  });

  it("is forgotten when the hub refused it", () => {
    const invites = new Invites("me");
    invites.sent(at(""), "Hello");
    invites.refused(at("").id);
    expect(invites.ended([at("declined")])).toEqual([]);
  });

  it("leaves its words for the next one, the newest first and each once", () => {
    const invites = new Invites("me");
    for (const text of ["a", "b", "a", "c", "d", "e", "f"]) invites.sent(at(""), text);
    expect(new Invites("me").texts()).toEqual(["f", "e", "d", "c", "a"]);
    expect(new Invites("other").texts()).toEqual([]);
  });
});

describe("pages to offer", () => {
  it("are those visitors were on, the latest first, without what is the visitor's own", () => {
    const pages = new Pages();
    pages.note(visitor(1, { url: "https://s.example/a?token=1", title: "A" }));
    pages.note(visitor(2, { url: "https://s.example/b", title: "B" }));
    pages.note(visitor(3, { url: "https://s.example/a#top", title: "" }));
    pages.note(visitor(4, { url: "javascript:alert(1)", title: "X" }));
    expect(pages.of("demo-shop").map((page) => [page.url, page.title])).toEqual([["https://s.example/a", "A"], ["https://s.example/b", "B"]]);
    expect(pages.of("other")).toEqual([]);
  });
});
