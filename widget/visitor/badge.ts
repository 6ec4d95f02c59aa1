/**
 * How the visitor learns of an answer while the panel is closed: a number on the button, the same in the tab's title,
 * and one sentence for screen readers. The button's label comes along, in the reader's language.
 */

import type { Core } from "./core.ts";
import { el, write } from "./dom.ts";
import { fill, type Texts } from "./texts.ts";
import { titleBadge } from "./titles.ts";

export interface Badge {
  update(unread: number, open: boolean): void;
}

export function badge({ button, frame, titles }: Pick<Core, "button" | "frame" | "titles">, texts: Texts): Badge {
  const dot = el("span", "badge", { "aria-hidden": "true" });
  const news = el("span", "sr", { role: "status" });
  const title = titleBadge(document);
  let before = 0;
  button.append(dot, el("span", "label", { "aria-hidden": "true" }, texts.open));
  frame.append(news);
  titles(title.plain);
  return {
    update(unread, open) {
      const sentence = unread ? fill(texts.unread, { n: `${unread}` }) : "";
      dot.dataset.n = unread > 9 ? "9+" : `${unread || ""}`; // drawn by the style sheet: it is no part of the label
      button.setAttribute("aria-label", open ? texts.close : sentence ? `${texts.open}. ${sentence}` : texts.open);
      if (unread > before || !unread) write(news, open ? "" : sentence);
      title.show(unread);
      before = unread;
    },
  };
}
