/**
 * The conversation has gone on by e-mail: that it has, and the way back from there.
 *
 * Following the link in a mail proves that the address is the reader's, but programs that look at mails follow links as
 * well: so it counts only when a hand has said so.
 */

import type { ToPage } from "../wire/visitor.ts";
import type { Desk } from "./desk.ts";
import css from "./mailed.css?text";
import type { Words } from "./sentences.ts";

export default function mailed(desk: Desk, words: Words) {
  const { el, press } = desk;
  desk.style(css);
  const box = el("div", "mailed", { hidden: "" });
  const text = el("p", "mailed-text", { role: "status" });
  box.append(text);
  desk.places.shelf.append(box);
  let client_id = "";
  let code = "";

  const close = () => {
    code = "";
    box.replaceChildren(text);
    client_id = "";
    update();
  };
  const say = (sentence: string) => {
    box.replaceChildren(text, press("tool", words.dismiss, close, desk.icon("m8 8 8 8m0-8-8 8", 16)));
    desk.write(text, sentence);
    box.hidden = false;
  };
  const go = () => {
    client_id = desk.newId();
    if (!desk.send({ t: "come_back", client_id, token: code })) desk.write(text, desk.texts.offline);
  };
  const update = () => {
    if (code || box.querySelector(".tool")) return;
    const on = !!desk.room().talk?.mailed;
    if (on) desk.write(text, words.mailed);
    box.hidden = !on;
  };

  desk.hear.add((frame: ToPage) => {
    if (frame.t === "noted" && frame.client_id === client_id) close();
    else if (frame.t === "refused" && frame.client_id === client_id) {
      code = "";
      say(frame.code === "no_change" ? words.return_other : words.return_over);
    } else if (frame.t === "welcome" || frame.t === "talk") queueMicrotask(update);
  });

  return {
    update,
    /** A mail brought the visitor here: to go on takes one press. */
    ask(given: string) {
      code = given;
      box.append(press("offer solid", "", go, words.return_go));
      desk.write(text, words.return_ask);
      box.hidden = false;
    },
  };
}
