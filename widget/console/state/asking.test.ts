// The page and the hub see the same questions: both are held to one file of cases.

import { describe, expect, it } from "vitest";
import type { SheetPage } from "../../wire/sheet";
import cases from "../../../tests/conversations/asking_cases.json";
import { again, asks } from "./asking";

describe("what a text asks for", () => {
  it.each(cases as [string, string[]][])("%s", (text, kinds) => expect(asks(text)).toEqual(kinds));
});

const sheet: SheetPage = {
  facts: [{ kind: "order", value: "A44871", source: "words", where: "email", at: 1 }, { kind: "size", value: "", source: "words", where: "Returns", at: 1 }],
  answers: [{ question: "Is the lamp for inside or for the garden?", answer: "For the garden", at: 1, conversation: "0".repeat(32), seq: 3 }],
};

describe("what would be asked again", () => {
  it("names what was said", () => expect(again("What is your order number?", sheet).map((one) => one.fact?.value)).toEqual(["A44871"]));
  it("leaves alone who asks whether it is still so", () => expect(again("Is it still order number A-44871?", sheet)).toEqual([]));
  it("tells that a team knows it whose words are not for us", () => expect(again("Which size do you need?", sheet)[0]?.fact?.where).toBe("Returns"));
  it("remembers what no table knows", () => expect(again("Would the lamp be for inside or the garden?", sheet)[0]?.answered?.answer).toBe("For the garden"));
  it("lets through what nobody said", () => expect(again("What is your postcode? Shall we send it today?", sheet)).toEqual([]));
});
