// What is stored about the visitor: nothing is called deleted that is not.

import { expect, test, vi } from "vitest";
import type { FromPage, ToPage } from "../wire/visitor.ts";
import type { Desk } from "./desk.ts";
import { el, icon, on, press, write } from "./dom.ts";
import mine from "./mine.ts";
import type { Words } from "./sentences.ts";
import { forgetful } from "./testing.ts";
import { fill } from "./texts.ts";

test("a deletion that was refused is not called done, and forgets nothing here", () => {
  const sent: FromPage[] = [];
  const hear = new Set<(frame: ToPage) => void>();
  const lasting = forgetful();
  lasting.set("token", "t");
  const panel = document.createElement("div");
  const input = document.createElement("textarea");
  const decide = vi.fn();
  const desk = {
    el, icon, on, press, write, fill, hear, lasting, notes: forgetful(), decide, style() {}, newId: () => `id-${sent.length}`, language: "en",
    send: (frame: FromPage) => sent.push(frame) > 0, places: { panel, input }, around: () => ({ site: { name: "Shop" } }), texts: { unavailable: "Not now", close: "Close" },
  } as unknown as Desk;
  const words = new Proxy({ locale: "en" }, { get: (known, name) => Reflect.get(known, name) ?? `${String(name)}` }) as unknown as Words;
  const answer = (frame: object) => hear.forEach((heard) => heard({ ...frame, client_id: (sent.at(-1) as { client_id: string }).client_id } as ToPage));
  mine(desk, words).open();
  answer({ t: "stored", since: 1, visits: 1, pages: 1, level: "observed" });
  panel.querySelector<HTMLButtonElement>(".offer:not(.tool)")!.click();
  panel.querySelector<HTMLButtonElement>(".solid")!.click();
  expect(sent.at(-1)).toMatchObject({ t: "forget" });
  answer({ t: "refused", code: "unavailable", message: "" });
  expect(panel.textContent).toContain("Not now");
  expect(panel.textContent).not.toContain("mine_done");
  expect([lasting.get("token"), decide.mock.calls.length]).toEqual(["t", 0]);
});
