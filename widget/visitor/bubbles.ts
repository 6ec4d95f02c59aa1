/**
 * One row of the transcript as an element, changed in place while its message goes from sending to read.
 */

import type { Desk } from "./desk.ts";
import { el, ICONS, icon, write } from "./dom.ts";
import type { Day, Message, Row } from "./rows.ts";
import type { Texts } from "./texts.ts";

export interface Shown {
  element: HTMLElement;
  /** `newest`: the last of the visitor's own, which shows its state without being asked. */
  update(row: Row, newest: boolean): void;
}

/** Dates in the reader's language. */
export interface Calendar {
  day(at: number): string;
  time(at: number): string;
}

export function calendar(language: string, texts: Texts): Calendar {
  // The language of our words with the reader's region: British and American readers share the words and not the clock.
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(`${navigator.language}`.replace(/^\w+/, language), options);
  const time = format({ hour: "2-digit", minute: "2-digit" });
  const day = format({ weekday: "long", day: "numeric", month: "long" });
  return {
    time: (at) => time.format(at),
    day(at) {
      const name = new Date(at).toDateString();
      const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toDateString();
      return name === ago(0) ? texts.today : name === ago(1) ? texts.yesterday : day.format(at);
    },
  };
}

/** A line between two days. */
export function dayLine({ at }: Day, dates: Calendar): Shown {
  const text = el("span", "");
  return {
    element: el("div", "day", {}, text),
    update: () => write(text, dates.day(at)), // again and again: today becomes yesterday
  };
}

export function bubble(first: Message, desk: Desk, texts: Texts, dates: Calendar): Shown {
  const mine = first.author === "visitor";
  const who = el("p", mine ? "who sr" : "who", {}, el("bdi", "", {}, mine ? texts.you : first.name));
  const system = first.author === "system"; // a code of the hub's; its words come with the part
  const text = el("div", "text", { dir: "auto" }, system ? "" : first.text);
  const time = el("time", "time", { datetime: new Date(first.at).toISOString() }, dates.time(first.at));
  const tick = el("span", "tick");
  const beside = el("span", "beside", {}, time, tick);
  const line = el("div", "line", {}, text, beside);
  const element = el("div", "row", {}, ...(mine || first.name ? [who] : []), line);
  let state: Message["state"] = null;
  // Links, files and pages that are offered come a moment later, from a part that most conversations never need.
  if (system) desk.part("reach", (reach) => reach.dress(text, line, first));
  else if (first.push || first.files[0] || /https?:|www\./i.test(first.text)) desk.part("rich", (rich) => rich.dress(text, line, first));

  const showState = (row: Message) => {
    state = row.state;
    tick.replaceChildren(...(state ? [icon(ICONS[state === "read" ? "delivered" : state], 16), el("span", "sr", {}, texts[state])] : []));
    if (row.failed) desk.part("rich", (rich) => state === "failed" && rich.refuse(element, row));
  };

  return {
    element,
    update(row, newest) {
      if (row.day) return;
      element.className = `row ${mine ? "mine" : row.author} ${row.state ?? ""}${row.first ? " first" : ""}${newest ? " newest" : ""}`;
      if (row.state !== state) showState(row);
    },
  };
}
