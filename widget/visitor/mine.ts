/**
 * What is stored about this browser, a sentence for each figure, and its deletion.
 *
 * Deleting empties this browser too, in every tab, and keeps one word in it: that nothing is to be recorded from now on. Without
 * that the next page would begin a new record at once.
 */

import type { Stored, ToPage } from "../wire/visitor.ts";
import type { Desk } from "./desk.ts";
import css from "./mine.css?text";
import type { Words } from "./sentences.ts";

export default function mine(desk: Desk, words: Words) {
  const { el, fill, icon, on, press, texts } = desk;
  desk.style(css);
  const body = el("div", "mine-body", { role: "status" });
  const close = press("tool", words.dismiss, () => shut(), icon("m8 8 8 8m0-8-8 8"));
  const sheet = el("div", "stored", { role: "group", "aria-label": words.mine, hidden: "" }, el("div", "form-head", {}, el("h3", "mine-title", {}, words.mine), close), body);
  desk.places.panel.append(sheet);
  let waiting: string | undefined;
  let then: (frame: ToPage) => void = () => {};

  const shut = () => {
    sheet.hidden = true;
    desk.places.input.focus();
  };
  on(sheet, "keydown", (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    shut();
  });
  desk.hear.add((frame) => {
    if (!waiting || !("client_id" in frame) || frame.client_id !== waiting) return;
    waiting = undefined;
    // Never "deleted" for what was refused.
    if (frame.t === "refused") body.replaceChildren(el("p", "", { role: "alert" }, texts.unavailable));
    else then(frame);
  });
  const ask = (t: "mine" | "forget", answered: (frame: ToPage) => void) => {
    waiting = desk.newId();
    then = answered;
    if (!desk.send({ t, client_id: waiting })) body.replaceChildren(el("p", "", {}, texts.offline));
  };

  const sentences = ({ since, visits, pages, events, conversations, messages, cart, level }: Stored): string[] => {
    const date = since && new Intl.DateTimeFormat(words.locale, { dateStyle: "long" }).format(since);
    const figures = { visits, pages, events, conversations, messages };
    const told = Object.entries(figures).filter(([, n]) => n).map(([name, n]) => fill(words[`mine_${name as "visits"}`], { n: new Intl.NumberFormat(words.locale).format(n!) }));
    if (date) told.unshift(fill(words.mine_since, { date }));
    if (cart) told.push(words.mine_cart);
    return told.length ? [...told, level === "verified" ? words.mine_verified : words.mine_observed] : [words.mine_none];
  };

  const show = (stored: Stored) => {
    const told = sentences(stored);
    const forget = press("offer", "", sure, words.mine_forget);
    body.replaceChildren(el("ul", "mine-list", {}, ...told.map((sentence) => el("li", "", {}, sentence))), ...(told.length > 1 ? [forget] : []));
  };

  const sure = () => {
    const yes = press("offer solid", "", () => ask("forget", forgotten), words.mine_forget);
    body.replaceChildren(el("p", "", {}, fill(words.mine_sure, { site: desk.around().site.name })), el("div", "mine-acts", {}, yes, press("offer", "", open, words.cancel)));
    yes.focus();
  };

  const forgotten = () => {
    for (const name of desk.lasting.names("")) desk.lasting.set(name, null);
    for (const name of desk.notes.names("")) if (name !== "open") desk.notes.set(name, null);
    for (const field of desk.places.panel.querySelectorAll<HTMLInputElement>("textarea, .field")) field.value = "";
    desk.forget();
    desk.tabs("reset");
    desk.decide(false);
    desk.again(); // the hub tells every page to begin anew; this one stays to say that it is done
    body.replaceChildren(el("p", "", {}, words.mine_done));
    close.focus();
  };

  const open = () => {
    sheet.hidden = false;
    close.focus();
    ask("mine", (frame) => frame.t === "stored" && show(frame));
  };
  return { open };
}
