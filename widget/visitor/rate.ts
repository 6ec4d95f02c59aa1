/**
 * How it was, asked once at the end: five faces, and a remark if one wants. Ignoring it is fine; writing on begins a
 * new conversation and takes the question away.
 */

import type { Desk } from "./desk.ts";
import type { Words } from "./sentences.ts";
import css from "./rate.css?text";

/** A mouth for each score, from corners down to corners up. */
const MOUTHS = ["M8 17c1.2-4 6.8-4 8 0M7.5 7l2.6 1m6.4-1-2.6 1", "M8.3 16c1.6-1.8 5.8-1.8 7.4 0", "M8.5 15.3h7", "M8.3 14.4c1.6 1.8 5.8 1.8 7.4 0", "M7.3 13h9.4c-.4 5.4-9 5.4-9.4 0Z"];
const FACE = "M3.5 12a8.5 8.5 0 1 0 17 0 8.5 8.5 0 1 0-17 0M9 9.3v.01m6 0v-.01";

export default function rate(desk: Desk, words: Words) {
  const { el, icon, on, press } = desk;
  desk.style(css);
  const box = el("form", "rate");
  desk.places.shelf.append(box);
  let about = "";
  let score = 0;

  const ask = (conversation: string) => {
    about = conversation;
    score = 0;
    const remark = el("textarea", "field", { rows: "2", maxlength: "2000", placeholder: words.rate_remark, "aria-label": words.rate_remark, dir: "auto" });
    const rest = el("div", "rate-rest", { hidden: "" }, remark, el("button", "offer solid", { type: "submit" }, words.rate_send));
    const faces = [1, 2, 3, 4, 5].map((n) => {
      const word = words[`rate_${n as 1}`];
      const radio = el("input", "sr", { type: "radio", name: "score", "aria-label": word });
      on(radio, "change", () => {
        score = n;
        rest.hidden = false;
        desk.refresh();
      });
      return el("label", "rate-face", { title: word }, radio, icon(`${FACE}${MOUTHS[n - 1]}`, 32));
    });
    const send = () => {
      if (!score || !desk.rate({ conversation, score, remark: remark.value.trim() })) return;
      box.replaceChildren(el("p", "form-title", { role: "status" }, words.rate_thanks));
      desk.places.input.focus();
    };
    box.onsubmit = desk.guard((event: Event) => (event.preventDefault(), send()));
    const dismiss = press("tool", words.dismiss, () => {
      box.hidden = true;
      desk.notes.set("unrated", conversation);
      desk.places.input.focus();
    }, icon("m8 8 8 8m0-8-8 8", 16));
    box.replaceChildren(el("div", "form-head", {}, el("p", "form-title", {}, words.rate_ask), dismiss), el("div", "rate-faces", { role: "radiogroup", "aria-label": words.rate_ask }, ...faces), rest);
  };

  return {
    update() {
      const { talk } = desk.room();
      const over = talk?.status === "closed" && desk.entries().every(({ frame, failed }) => failed || frame.t === "rate");
      if (over && talk.id !== about && !talk.rated) ask(talk.id);
      box.hidden = !over || talk.id !== about || desk.notes.get("unrated") === talk.id;
    },
  };
}
