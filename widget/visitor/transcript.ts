/**
 * The transcript on the screen.
 *
 * Elements are kept by their row's key. The list follows the newest message only while the reader is at its end;
 * otherwise a pill says that there is something new, and nothing moves under the eyes. An own message always goes
 * there: who writes wants to see it.
 */

import { bubble, calendar, dayLine, type Shown } from "./bubbles.ts";
import type { Desk } from "./desk.ts";
import { el, ICONS, icon, on, press, write } from "./dom.ts";
import { type Row, rows } from "./rows.ts";
import { fill, type Texts } from "./texts.ts";

export interface Transcript {
  element: HTMLElement;
  update(): void;
  /** Goes to the newest message. */
  bottom(): void;
}

const isOwn = (row: Row | undefined) => !!row && !row.day && row.author === "visitor";

export function transcript(desk: Desk, texts: Texts): Transcript {
  const greeting = el("p", "greeting", { dir: "auto" });
  const list = el("div", "list");
  const typing = el("p", "typing", { role: "status" });
  const log = el("div", "log", { role: "log", "aria-label": texts.messages, tabindex: "0" }, greeting, list, typing);
  const dates = calendar(desk.language, texts);
  const shown = new Map<string, Shown>();
  let following = true;
  const bottom = () => {
    log.scrollTop = log.scrollHeight;
  };
  const newer = press("newer", "", bottom, icon(ICONS.down, 16), texts.newer);
  newer.hidden = true;
  // Only going up ends the following: what grows by itself, such as a picture, scrolls too.
  let top = 0;
  on(log, "scroll", () => {
    following = log.scrollHeight - log.scrollTop - log.clientHeight < 40 || (following && log.scrollTop >= top);
    top = log.scrollTop;
    if (following) newer.hidden = true;
  });
  // A keyboard that opens, or a composer that grows, takes room from below.
  const sizes = new ResizeObserver(() => following && bottom());
  sizes.observe(log);
  sizes.observe(list);

  const make = (row: Row): Shown => {
    const made = row.day ? dayLine(row, dates) : bubble(row, desk, texts, dates);
    shown.set(row.key, made);
    return made;
  };

  const place = (all: Row[]) => {
    const newest = all.findLast(isOwn);
    const keys = new Set(all.map(({ key }) => key));
    for (const [key, { element }] of shown) {
      if (keys.has(key)) continue;
      element.remove();
      shown.delete(key);
    }
    all.forEach((row, i) => {
      const item = shown.get(row.key) ?? make(row);
      const there = list.children[i];
      if (there !== item.element) list.insertBefore(item.element, there ?? null);
      item.update(row, row === newest);
    });
  };

  const showTyping = (name: string | null) => {
    if (name === null) typing.replaceChildren();
    else if (!typing.firstChild) {
      const dots = el("span", "dots", { "aria-hidden": "true" }, "•••");
      typing.append(el("span", "sr", {}, fill(texts.types, { name: name || texts.somebody })), dots);
    }
  };

  let last = "";
  const update = () => {
    const all = rows(desk.room(), desk.entries());
    const { greeting: words } = desk.places;
    write(greeting, words?.text || desk.around().site.greeting || texts.greeting);
    greeting.hidden = !!words && all.some((row) => !row.day && row.author !== "visitor"); // by then the hub has told it itself
    place(all);
    showTyping(desk.typist());
    const end = all.at(-1)?.key ?? "";
    const fresh = end !== last;
    last = end;
    if (following || (fresh && isOwn(all.at(-1)))) bottom();
    else if (fresh) newer.hidden = false;
  };

  return { element: el("div", "transcript", {}, log, newer), update, bottom };
}
