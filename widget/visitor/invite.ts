/**
 * An operator offers to talk: a bubble beside the button, with who it is and what they say.
 *
 * It takes no focus and asks nothing twice. Accepting opens the panel with the operator's words where the greeting
 * was; the first message then carries the invitation, so it reaches the one who invited. Where the panel is open
 * already the words simply stand there, also after a no in another tab: somebody may be writing an answer to them.
 */

import type { Invited } from "../wire/visitor.ts";
import type { Desk } from "./desk.ts";
import css from "./invite.css?text";
import type { Words } from "./sentences.ts";

export default function invite(desk: Desk, words: Words) {
  const { el, icon, notes, on, press } = desk;
  desk.style(css);
  // Filled after it is in the page, or screen readers do not speak it.
  const card = el("section", "invite", { role: "status", lang: desk.language, hidden: "" });
  desk.frame.prepend(card);
  let shown = "";

  const greet = ({ invitation, text, operator }: Invited) => {
    notes.set("invited", JSON.stringify({ invitation, text, operator }));
    desk.places.greeting = { text };
    const greeting = desk.places.panel.querySelector(".greeting")!;
    if (!greeting.previousElementSibling) greeting.before(el("p", "who", {}, el("bdi", "", {}, operator.name)));
    desk.opening({ invitation });
  };
  const answer = (call: Invited, fate: "shown" | "accepted" | "declined") => desk.send({ t: "answer", invitation: call.invitation, fate });
  const away = () => (card.hidden = true);

  const accept = (call: Invited) => {
    away();
    answer(call, "accepted");
    greet(call);
    desk.open();
  };

  const show = (call: Invited) => {
    if (desk.live() || call.invitation === shown) return;
    shown = call.invitation;
    answer(call, "shown");
    if (!desk.places.panel.hidden) {
      greet(call);
      return desk.refresh();
    }
    const { name } = call.operator;
    const initials = call.operator.initials || name.split(/[\s&+]+/).slice(0, 2).map((word) => [...word][0] ?? "").join("");
    const face = el("span", "face", { "aria-hidden": "true" }, initials);
    if (call.operator.picture) desk.part("face", (part) => part.show(face, call.operator));
    card.replaceChildren(
      face,
      el("div", "lines", {}, el("p", "name", {}, el("bdi", "", {}, name)), el("p", "invite-text", { dir: "auto" }, call.text),
        el("div", "invite-acts", {},
          press("offer solid", "", () => accept(call), words.reply),
          press("offer", "", () => (away(), answer(call, "declined")), words.no))),
      press("tool", words.dismiss, away, icon("m8 8 8 8m0-8-8 8", 16)));
    card.hidden = false;
  };

  // Whoever opens the panel by its button meanwhile has seen it: the words wait there.
  on(desk.button, "click", () => {
    if (card.hidden || !card.isConnected) return; // or it is somebody's who has gone
    away();
    const call = latest;
    if (call) greet(call), desk.refresh();
  });
  let latest: Invited | undefined;

  // Answered in another tab, or over, perhaps while there was no line.
  desk.hear.add((frame) => {
    if (card.hidden) return;
    if (frame.t === "welcome" && frame.invited?.invitation !== latest?.invitation) away();
    if (frame.t !== "fate" || frame.invitation !== latest?.invitation) return;
    away();
    if (frame.fate === "accepted" && !desk.live()) greet(latest), desk.refresh();
  });

  return {
    show(call: Invited) {
      latest = call;
      show(call);
    },
    /** On a page after the one it was accepted on, as long as nothing was written. */
    resume() {
      const call = JSON.parse(notes.get("invited")!) as Invited;
      if (desk.room().said.length || desk.live()) return notes.set("invited", null);
      shown = call.invitation;
      greet(call);
      desk.refresh();
    },
  };
}
