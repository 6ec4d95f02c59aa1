// What the worker says of a push, and the page it stands in with: in the reader's language, and nothing of anybody in it.

import { expect, test } from "vitest";
import { awayPage, told, wordsOf } from "./words";

const ID = "a".repeat(32);

test("a push without the customer's words says that somebody waits, and where", () => {
  expect(told({ kind: "waits", conversation: ID, site: "Blue Shop", round: 0 }, ["en-GB"])).toEqual({
    title: "Somebody is waiting on Blue Shop", body: "", tag: `hub.${ID}`, conversation: ID,
  });
  expect(told({ kind: "waits", conversation: ID, site: "Blue Shop", round: 2, language: "de" }, ["en"]).title).toBe("Niemand hat auf Blue Shop geantwortet");
});

test("with them it says who, and what", () => {
  expect(told({ kind: "waits", conversation: ID, site: "S", name: "Ana", text: "Hello?" }, ["en"])).toMatchObject({ title: "Ana is waiting.", body: "Hello?" });
});

test("the tag is the conversation's, so that a later round replaces an earlier one and the tab's own notification", () => {
  const rounds = [0, 1, 2].map((round) => told({ kind: "waits", conversation: ID, site: "S", round }, []).tag);
  expect(new Set(rounds)).toEqual(new Set([`hub.${ID}`]));
});

test("a language nobody wrote is English", () => {
  expect(wordsOf("xx", ["fi"]).language).toBe("en");
  expect(wordsOf("", ["fi", "de-AT"]).language).toBe("de");
});

test("the page in between tries again, says what is kept, and runs no script", () => {
  const page = awayPage(["de"]);
  expect(page).toContain('lang="de"');
  expect(page).toContain('http-equiv="refresh"');
  expect(page).not.toMatch(/<script| on\w+=/);
});
