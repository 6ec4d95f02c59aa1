/**
 * The picture of whoever answers, over their initials.
 *
 * Where it does not come (a shop's policy may allow no pictures of other origins) the initials stay.
 */

import type { Person } from "../wire/visitor.ts";
import type { Desk } from "./desk.ts";
import css from "./face.css?text";

export default function face(desk: Desk) {
  desk.style(css);
  let mailed = false;
  return {
    show(place: HTMLElement, { picture }: Person) {
      // Whoever is answered by mail has an operator: this part is there then, and opening a chat pays for no other word of it.
      if ((mailed ||= !!desk.room().talk?.mailed)) desk.part("mailed", (part) => part.update());
      const src = picture && new URL(picture, desk.origin).href;
      const shown = place.querySelector("img");
      if (shown?.src === src) return;
      shown?.remove();
      if (!src) return;
      const image = desk.el("img", "portrait", { src, alt: "" });
      desk.on(image, "error", () => image.remove());
      place.append(image);
    },
  };
}
