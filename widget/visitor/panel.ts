/**
 * The panel's bundle: the conversation, and what shows it. Loaded at the first opening, or at once where there is a
 * conversation already, so that an answer is noticed on every page.
 */

import type { FeatureOffer, SiteLook, ToPage } from "../wire/visitor.ts";
import { badge } from "./badge.ts";
import { chat } from "./chat.ts";
import { shades } from "./colour.ts";
import type { Core, Panel } from "./core.ts";
import type { Desk } from "./desk.ts";
import css from "./panel.css?text";
import { load } from "./texts.ts";
import { screen } from "./screen.ts";
import tokens from "./tokens.css?text";

export default async function begin(core: Core): Promise<Panel> {
  const texts = await load(core.language);
  let site: SiteLook = { name: "", accent: "", language: "" };
  let features: readonly FeatureOffer[] = [];
  let up = false;
  core.style(tokens);
  core.style(css);

  const update = () => {
    sign.update(talk.unread(), panel.shown());
    talk.look(panel.shown() && !document.hidden);
    panel.update();
  };
  const talk = chat({ ...core, changed: () => update() });
  const desk: Desk = { ...core, ...talk, around: () => ({ site, features, up }) };
  const sign = badge(core, texts);
  const panel = screen(desk, texts);

  const dress = (next: SiteLook, offers = features) => {
    site = next;
    features = offers; // a welcome may leave them to a frame of their own, a moment later
    for (const set of ["light", "dark"]) {
      for (const [part, colour] of Object.entries(shades(next.accent, set === "dark"))) {
        core.frame.style.setProperty(`--${set}-${part}`, colour);
      }
    }
  };

  return {
    heard(frame: ToPage) {
      if (frame.t === "welcome") up = true;
      if (frame.t === "welcome" || frame.t === "features") dress(frame.site, frame.features);
      if (frame.t === "feature") panel.feature(frame.name, frame.data);
      talk.heard(frame);
    },
    lost() {
      up = false;
      update();
    },
    show(on, focus) {
      panel.show(on, focus);
      update();
    },
    look: update,
    resume: talk.resume,
    forget: talk.forget,
  };
}
