/**
 * The panel's bundle: the conversation, and what shows it. Loaded at the first opening, or at once where there is a
 * conversation already, so that an answer is noticed on every page.
 */

import type { ToPage } from "../wire/visitor.ts";
import { badge } from "./badge.ts";
import { chat } from "./chat.ts";
import { shades } from "./colour.ts";
import type { Core, Panel } from "./core.ts";
import type { Around, Desk, Places } from "./desk.ts";
import { el, icon, on, press, write } from "./dom.ts";
import css from "./panel.css?text";
import { fill, load } from "./texts.ts";
import { screen } from "./screen.ts";
import tokens from "./tokens.css?text";

export default async function begin(core: Core): Promise<Panel> {
  const texts = await load(core.language);
  let around: Around = { site: { name: "", accent: "", language: "" }, features: [], up: false };
  core.style(tokens);
  core.style(css);

  const refresh = () => {
    const seen = panel.shown() && !document.hidden;
    sign.update(seen ? 0 : talk.unread(), panel.shown()); // what is seen as it comes counts nowhere, not even for a moment
    talk.look(seen);
    panel.update();
  };
  const talk = chat({ ...core, changed: () => refresh() });
  let brought: Promise<ReturnType<typeof import("./more.ts").default>> | undefined;
  const desk: Desk = {
    ...core, ...talk, el, icon, on, press, write, fill, texts, refresh,
    around: () => around,
    part: (name, then) => {
      brought ??= import("./more.ts").then(({ default: more }) => more(desk));
      brought.then((bring) => bring(name).then(then), () => (brought = undefined)).catch(core.failed);
    },
    places: {} as Places, // filled by the screen
    hear: new Set(),
  };
  const sign = badge(core, texts);
  const panel = screen(desk, texts);

  const dress = (next: Partial<Around>) => {
    around = { ...around, ...next };
    for (const set of ["light", "dark"]) {
      for (const [part, colour] of Object.entries(shades(around.site.accent, set === "dark"))) {
        core.frame.style.setProperty(`--${set}-${part}`, colour);
      }
    }
  };

  if (core.notes.get("back") || core.notes.get("invited") || location.hash.includes("hub:")) desk.part("resume", () => {});

  return {
    heard(frame: ToPage) {
      if (frame.t === "welcome") dress({ ask: [], features: around.features, ...frame, up: true });
      if (frame.t === "features") dress(frame);
      if (frame.t === "feature") desk.part("features", (features) => features.frame(frame.name, frame.data));
      const call = frame.t === "invited" ? frame : frame.t === "welcome" && frame.invited;
      if (call) desk.part("invite", (invite) => invite.show(call));
      for (const listener of desk.hear) listener(frame);
      const unread = talk.unread();
      talk.heard(frame);
      // Heard, and not seen: a sound, where a visitor's hand has been on the page.
      if (frame.t === "said" && talk.unread() > unread && (document.hidden || !panel.shown()) && !core.lasting.get("mute")) {
        desk.part("sound", (sound) => sound.play());
      }
    },
    lost() {
      around.up = false;
      refresh();
    },
    show(on, focus) {
      panel.show(on, focus);
      refresh();
    },
    look: refresh,
    resume: talk.resume,
    elsewhere: talk.elsewhere,
    forget() {
      talk.forget();
      // All that was written goes with its fields. Not the button itself, which the pointer may be on.
      for (const part of core.frame.querySelectorAll(".hub > :not(.button), .button > :not(svg)")) part.remove();
    },
  };
}
