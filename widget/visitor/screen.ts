/**
 * The panel as the visitor sees it: head, transcript, offers, composer.
 *
 * A dialog that does not take the page away: beside the page on a desk, and modal, with the focus kept inside, only
 * where it covers the whole screen. Escape closes it, and the focus goes back to the button it came from.
 */

import { composer } from "./composer.ts";
import type { Desk } from "./desk.ts";
import { el, on, write } from "./dom.ts";
import { head } from "./head.ts";
import type { Texts } from "./texts.ts";
import { transcript } from "./transcript.ts";

/** Where the panel covers the screen; the same as in panel.css. */
const COVERING = "(max-width: 480px), (max-height: 480px)";

export interface Screen {
  shown(): boolean;
  show(on: boolean, focus: boolean): void;
  update(): void;
}

export function screen(desk: Desk, texts: Texts): Screen {
  const top = head(desk, texts);
  const talk = transcript(desk, texts);
  const shelf = el("div", "shelf");
  const foot = composer(desk, texts);
  const notice = el("p", "notice", { role: "status" });
  const panel = el("section", "panel", { role: "dialog", lang: desk.language }, top.element, talk.element, notice, shelf, foot.element);
  const covering = matchMedia(COVERING);
  Object.assign(desk.places, { panel, head: top.element, shelf });
  panel.hidden = true;
  desk.frame.prepend(panel); // before the button: Tab goes from the composer to it

  const fit = () => {
    panel.ariaModal = `${covering.matches}`;
    if (covering.matches) desk.part("cover", (cover) => cover.fit());
  };
  on(covering, "change", fit);

  on(panel, "keydown", (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.isComposing) desk.close();
    event.stopPropagation(); // the shop's shortcuts are not meant for what is written here
  });

  on(panel, "dragover", (event: DragEvent) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
  on(panel, "drop", (event: DragEvent) => {
    const files = event.dataTransfer?.files;
    if (files?.[0]) foot.add(files), event.preventDefault();
  });

  // Parts that have come once are kept up to date from then on.
  let offered = false;
  let asking = false;
  let rating = false;
  const update = () => {
    if (panel.hidden) return;
    const { up, site, features, ask } = desk.around();
    const { talk: state } = desk.room();
    top.update();
    offered ||= features.some(({ script }) => script);
    if (offered) desk.part("features", (shelf) => shelf.update());
    talk.update();
    const ended = state?.status === "closed" && desk.entries().every(({ failed }) => failed);
    // Nobody is there or free, or there is something one may tell before the first word.
    asking ||= up && state?.status !== "open" && (!site.attended || site.open === false || site.full || !!ask?.length);
    if (asking) desk.part("form", (form) => form.update());
    rating ||= ended && site.rating !== false && !!state.operator && !state.rated;
    if (rating) desk.part("rate", (rate) => rate.update());
    write(notice, !up ? texts.offline : ended ? texts.ended : "");
    notice.classList.toggle("off", !up);
    panel.ariaLabel = top.title();
  };

  return {
    update,
    shown: () => !panel.hidden,
    show(on, focus) {
      const inside = panel.contains((panel.getRootNode() as ShadowRoot).activeElement);
      panel.hidden = !on;
      if (!on) return inside && desk.button.focus();
      fit();
      update();
      foot.show(focus);
      talk.bottom();
    },
  };
}
