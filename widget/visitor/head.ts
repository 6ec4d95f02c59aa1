/**
 * The panel's head: who answers, what to expect, and the few things one can do with a conversation.
 *
 * It promises only what the hub knows: that somebody is there, has taken the conversation, or is away.
 */

import type { Person, SiteLook, Talk } from "../wire/visitor.ts";
import type { Desk } from "./desk.ts";
import { el, ICONS, icon, on, press, write } from "./dom.ts";
import { fill, type Texts } from "./texts.ts";

export interface Head {
  element: HTMLElement;
  update(): void;
  /** What the panel is called, for screen readers. */
  title(): string;
}

/** What a visitor may expect now, in one line. */
export function expectation({ attended }: Pick<SiteLook, "attended">, talk: Talk | null, texts: Texts): string {
  if (talk?.status === "open" && talk.operator) return texts.with_you;
  if (!attended) return texts.away;
  return talk?.status === "waiting" ? texts.waiting : texts.here;
}

/** One or two letters for a round picture. */
export const initials = ({ name, initials: given }: Person): string =>
  given || name.split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? "").join("").toUpperCase();

export function head(desk: Desk, texts: Texts): Head {
  const face = el("span", "face", { "aria-hidden": "true" });
  const name = el("bdi", ""); // a Latin name in an Arabic panel stays on its side
  const line = el("p", "expect", { role: "status" });
  const unfold = (yes: boolean) => {
    menu.hidden = !yes;
    more.setAttribute("aria-expanded", `${yes}`);
    if (yes) end.focus();
  };
  const more = press("tool more", texts.more, () => unfold(!!menu.hidden), icon(ICONS.more));
  const close = press("tool", texts.close, desk.close, icon(ICONS.close));
  const end = press("item", "", () => {
    unfold(false);
    desk.end();
    close.focus();
  }, texts.end);
  const menu = el("div", "menu", { hidden: "" }, end);
  const element = el("div", "head", {}, face, el("div", "lines", {}, el("h2", "name", {}, name), line), more, close, menu);
  on(element, "keydown", (event: KeyboardEvent) => {
    if (event.key !== "Escape" || menu.hidden) return;
    event.stopPropagation(); // the first Escape folds the menu, the next one the panel
    unfold(false);
    more.focus();
  });
  on(element, "focusout", ({ relatedTarget }: FocusEvent) => {
    if (!menu.contains(relatedTarget as Node) && relatedTarget !== more) unfold(false);
  });

  const update = () => {
    const { site, up } = desk.around();
    const { talk } = desk.room();
    const live = !!talk && talk.status !== "closed";
    const who = (live && talk.operator) || { name: site.name };
    write(face, initials(who));
    write(name, who.name);
    write(line, expectation(site, talk, texts));
    line.classList.toggle("on", up && (site.attended || talk?.status === "open"));
    more.hidden = !live;
    if (!live) unfold(false);
  };
  return { element, update, title: () => fill(texts.title, { site: desk.around().site.name }) };
}
