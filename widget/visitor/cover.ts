/**
 * The panel where it covers the whole screen: as high as what the phone's keyboard leaves, and with the focus inside.
 */

import type { Desk } from "./desk.ts";

export default function cover(desk: Desk) {
  const { panel } = desk.places;
  const covers = () => panel.ariaModal === "true";

  const fit = () => {
    // A keyboard covers the page without resizing it; only the visual viewport knows.
    const seen = covers() ? visualViewport : null;
    panel.style.blockSize = seen ? `${seen.height}px` : "";
    panel.style.insetBlockStart = seen ? `${seen.offsetTop}px` : "";
  };
  if (visualViewport) for (const type of ["resize", "scroll"]) desk.on(visualViewport, type, fit);
  desk.on(window, "resize", fit);

  desk.on(panel, "keydown", (event: KeyboardEvent) => {
    if (event.key === "Tab" && covers()) keepInside(panel, event);
  });
  return { fit };
}

/** Tab goes round within the panel. */
function keepInside(panel: HTMLElement, event: KeyboardEvent): void {
  const stops = [...panel.querySelectorAll<HTMLElement>("button, a[href], input, textarea, select, [tabindex='0']")]
    .filter((stop) => stop.offsetParent !== null && stop.tabIndex >= 0 && !(stop as HTMLButtonElement).disabled);
  const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
  if ((panel.getRootNode() as ShadowRoot).activeElement !== from) return;
  event.preventDefault();
  to?.focus();
}
