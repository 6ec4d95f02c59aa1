/**
 * The panel's head: who answers, what to expect, and the way to the menu.
 *
 * It promises only what the hub knows: that somebody is there with a hand free, has taken the conversation, or neither.
 */

import type { Person, SiteLook, Talk } from "../wire/visitor.ts";
import type { Desk } from "./desk.ts";
import { el, ICONS, icon, press, write } from "./dom.ts";
import { fill, type Texts } from "./texts.ts";

export interface Head {
  element: HTMLElement;
  update(): void;
  /** What the panel is called, for screen readers. */
  title(): string;
}

/** What a visitor may expect now, in one line. Who waits keeps what they were promised, also when others get no chat any longer. */
export function expectation({ attended, full }: Pick<SiteLook, "attended" | "full">, talk: Talk | null, texts: Texts): string {
  if (talk?.status === "open" && talk.operator) return texts.with_you;
  if (attended && talk?.status === "waiting") return texts.waiting;
  return attended && !full ? texts.here : texts.away;
}

/** One or two letters for a round picture. */
export const initials = ({ name, initials: given }: Person): string =>
  given || name.split(/[\s&+]+/).slice(0, 2).map((word) => [...word][0] ?? "").join("").toUpperCase();

export function head(desk: Desk, texts: Texts): Head {
  const face = el("span", "face", { "aria-hidden": "true" });
  const name = el("bdi", ""); // a Latin name in an Arabic panel stays on its side
  const line = el("p", "expect", { role: "status" });
  const more = press("tool more", texts.more, () => desk.part("menu", (menu) => menu.unfold(more)), icon(ICONS.more));
  more.setAttribute("aria-expanded", "false");
  const close = press("tool", texts.close, desk.close, icon(ICONS.close));
  const element = el("div", "head", {}, face, el("div", "lines", {}, el("h2", "name", {}, name), line), more, close);
  const update = () => {
    const { site, up } = desk.around();
    const { talk } = desk.room();
    const live = !!talk && talk.status !== "closed";
    const who = (live && talk.operator) || { name: site.name };
    write(face, initials(who));
    if (talk?.operator) desk.part("face", (part) => part.show(face, who));
    write(name, who.name);
    const told = expectation(site, talk, texts);
    if (site.attended && talk?.status === "waiting" && talk.position) desk.part("queue", (queue) => queue.tell(line));
    else write(line, told);
    line.classList.toggle("on", up && told !== texts.away);
  };
  return { element, update, title: () => fill(texts.title, { site: desk.around().site.name }) };
}
