/**
 * The panel as the visitor sees it: head, transcript, offers, composer.
 *
 * A dialog that does not take the page away: beside the page on a desk, and modal, with the focus kept inside, only
 * where it covers the whole screen. Escape closes it, and the focus goes back to the button it came from.
 */

import { composer } from "./composer.ts";
import type { Desk } from "./desk.ts";
import { el, on, write } from "./dom.ts";
import type { Features } from "./features.ts";
import { head } from "./head.ts";
import type { Texts } from "./texts.ts";
import { transcript } from "./transcript.ts";

/** Where the panel covers the screen; the same as in panel.css. */
const COVERING = "(max-width: 480px), (max-height: 480px)";

export interface Screen {
  shown(): boolean;
  show(on: boolean, focus: boolean): void;
  update(): void;
  feature(name: string, data: unknown): void;
}

export function screen(desk: Desk, texts: Texts): Screen {
  const top = head(desk, texts);
  const talk = transcript(desk, texts);
  const shelf = el("div", "features");
  let offers: Promise<Features> | undefined;
  const foot = composer(desk, texts);
  const notice = el("p", "notice", { role: "status" });
  const panel = el("section", "panel", { role: "dialog", lang: desk.language }, top.element, talk.element, notice, shelf, foot.element);
  const covering = matchMedia(COVERING);
  panel.hidden = true;
  desk.frame.prepend(panel); // before the button: Tab goes from the composer to it

  const fit = () => {
    panel.setAttribute("aria-modal", `${covering.matches}`);
    // A phone's keyboard covers the page without resizing it; only the visual viewport knows.
    const seen = covering.matches ? visualViewport : null;
    panel.style.blockSize = seen ? `${seen.height}px` : "";
    panel.style.insetBlockStart = seen ? `${seen.offsetTop}px` : "";
  };
  on(covering, "change", fit);
  if (visualViewport) for (const type of ["resize", "scroll"]) on(visualViewport, type, fit);

  on(panel, "keydown", (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.isComposing) desk.close();
    else if (event.key === "Tab" && covering.matches) keepInside(panel, event);
    event.stopPropagation(); // the shop's shortcuts are not meant for what is written here
  });

  // Most shops have none: loaded with the first one offered.
  const withOffers = (run: (offers: Features) => void) => {
    offers ??= import("./features.ts").then(({ features }) => features(desk, texts, shelf));
    offers.then(run).catch((error) => {
      offers = undefined;
      console.debug("hub:", error);
    });
  };

  const update = () => {
    if (panel.hidden) return;
    const { up, site, features } = desk.around();
    const { talk: state } = desk.room();
    top.update();
    if (offers || features.some(({ script }) => script)) withOffers((shelf) => shelf.update());
    talk.update();
    const ended = state?.status === "closed" && desk.entries().every(({ failed }) => failed);
    const alone = !site.attended && state?.status !== "open";
    write(notice, !up ? texts.offline : ended ? texts.ended : alone ? texts.away_long : "");
    notice.classList.toggle("off", !up);
    panel.setAttribute("aria-label", top.title());
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
    feature: (name, data) => withOffers((shelf) => shelf.frame(name, data)),
  };
}

/** Tab goes round within the panel. */
function keepInside(panel: HTMLElement, event: KeyboardEvent): void {
  const stops = [...panel.querySelectorAll<HTMLElement>("button, a[href], input, textarea, select, [tabindex='0']")]
    .filter((stop) => stop.offsetParent !== null && !(stop as HTMLButtonElement).disabled);
  const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
  if ((panel.getRootNode() as ShadowRoot).activeElement !== from) return;
  event.preventDefault();
  to?.focus();
}
