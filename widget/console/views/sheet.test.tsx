// Nobody is asked twice unnoticed: the mark over the composer, the second Enter, and the sheet beside the conversation.

import { describe, expect, it } from "vitest";
import type { SheetPage } from "../../wire/sheet";
import { day, id } from "../testing/people";
import { all, find, open, press, settle, stage, text } from "../testing/stage";

stage();

const SHEET: SheetPage = {
  facts: [{ kind: "order", value: "A44871", source: "words", where: "email", at: Date.now() - 9e7, conversation: id(100), seq: 4 }],
  answers: [],
};

async function desk() {
  const fake = await open({ ...day({ mine: 1 }), sheet: SHEET });
  find(".talk-row").click();
  for (let round = 0; round < 60 && !find(".sheet"); round++) await settle();
  return fake;
}
async function write(words: string) {
  const area = find<HTMLTextAreaElement>(".composer textarea");
  area.focus();
  area.value = "";
  area.setRangeText(words, 0, 0, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  for (let round = 0; round < 20; round++) await settle();
}
const said = (fake: Awaited<ReturnType<typeof desk>>) => fake.heard.filter((frame) => frame.t === "reply").map((frame) => (frame as { text: string }).text);

describe("a question whose answer is known", () => {
  it("stands on the sheet with its source", async () => {
    await desk();
    expect(find(".sheet").textContent).toContain("Order number");
    expect(find(".sheet").textContent).toContain("A44871");
    expect(find(".sheet").textContent).toContain("email");
  });

  it("is marked before it goes out, and goes out with a second Enter", async () => {
    const fake = await desk();
    await write("What is your order number?");
    expect(find(".again").textContent).toContain("A44871");
    await press("Enter", find("textarea"));
    expect(said(fake)).toEqual([]);
    expect(find(".again.held")).not.toBeNull();
    await press("Enter", find("textarea"));
    expect(said(fake)).toEqual(["What is your order number?"]);
  });

  it("is answered with one click", async () => {
    const fake = await desk();
    await write("Is it about order number ?");
    all<HTMLButtonElement>(".again button")[0]!.click();
    for (let round = 0; round < 5; round++) await settle();
    expect(find<HTMLTextAreaElement>("textarea").value).toContain("A44871");
    expect(find(".again")).toBeNull();
    await press("Enter", find("textarea"));
    expect(said(fake)).toHaveLength(1);
  });

  it("may be asked of colleagues in a note", async () => {
    await desk();
    await press("n", find("textarea"));
    await write("Hello");
    expect(text(".again")).toEqual([]);
  });

  it("lets any other question pass at once", async () => {
    const fake = await desk();
    await write("Which colour do you like?");
    await press("Enter", find("textarea"));
    expect(said(fake)).toEqual(["Which colour do you like?"]);
  });
});
