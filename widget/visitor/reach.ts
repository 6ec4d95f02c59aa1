/**
 * The truth for who waits: nobody could answer so far. They keep their place, or leave an address for the answer.
 *
 * The form stands with the sentence in the transcript and goes when somebody comes. The same client id is sent until the
 * hub has noted it, so that pressing again after a broken line is harmless.
 */

import type { ToPage } from "../wire/visitor.ts";
import type { Desk } from "./desk.ts";
import css from "./reach.css?text";
import type { Message } from "./rows.ts";
import type { Words } from "./sentences.ts";

const GOOD = /^[^\s@]+@[^\s@.]+\.[^\s@]+$/;

export default function reach(desk: Desk, words: Words) {
  const { el, fill, notes, on, texts } = desk;
  desk.style(css);

  const ask = (line: HTMLElement) => {
    const conversation = desk.live();
    if (!conversation || desk.room().talk?.status !== "waiting") return;
    const said = (to: string) => el("p", "reach-done", { role: "status" }, fill(words.come_email, { to: ` (\u2068${to}\u2069)` }));
    const [before, address] = (notes.get("reached") ?? "").split(" ");
    if (before === conversation && address) return line.after(said(address));
    const client_id = desk.newId();
    const input = el("input", "field", { type: "email", autocomplete: "email", maxlength: "320", placeholder: words.email, "aria-label": words.email, dir: "auto" });
    const wrong = el("p", "why", { role: "alert" });
    const box = el("form", "reach", { novalidate: "" }, input, el("button", "offer solid", { type: "submit" }, texts.send), wrong);
    const over = () => {
      desk.hear.delete(hear);
      box.remove();
      desk.refresh();
    };
    const hear = (frame: ToPage) => {
      if (frame.t === "noted" && frame.client_id === client_id) {
        notes.set("reached", `${conversation} ${input.value.trim()}`);
        line.after(said(input.value.trim()));
        over();
        desk.places.input.focus();
      } else if (frame.t === "refused" && frame.client_id === client_id) refuse();
      else if (frame.t === "talk" && frame.talk.status !== "waiting") over();
    };
    const refuse = () => {
      wrong.textContent = words.need_email;
      input.setAttribute("aria-invalid", "true");
      input.focus();
    };
    on(box, "submit", (event: Event) => {
      event.preventDefault();
      const email = input.value.trim();
      if (!GOOD.test(email)) return refuse();
      wrong.textContent = "";
      input.removeAttribute("aria-invalid");
      if (!desk.send({ t: "reach", client_id, conversation, email })) wrong.textContent = texts.offline;
    });
    desk.hear.add(hear);
    line.after(box);
  };

  return {
    /** Puts the words of a code into its row, and the form under it. */
    dress(text: HTMLElement, line: HTMLElement, row: Message) {
      const known = row.text === "unanswered";
      text.textContent = known ? words.unanswered : row.text;
      if (known) ask(line);
      desk.refresh();
    },
  };
}
