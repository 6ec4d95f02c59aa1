/** Where in the queue, and for how long: only what the hub can tell honestly, in the head's line that screen readers hear. */

import type { Talk } from "../wire/visitor.ts";
import type { Desk } from "./desk.ts";
import type { Words } from "./sentences.ts";

type Say = Pick<Words, "next" | "before" | "usually" | "locale">;

/** `wait` is what most people waited lately; without it no figure is given. */
export function place({ position, wait }: Pick<Talk, "position" | "wait">, words: Say, fill: Desk["fill"]): string {
  const where = position! < 2 ? words.next : fill(words.before, { n: `${position! - 1}` });
  if (wait == null) return where;
  const time = (Math.ceil(wait / 60) || 1).toLocaleString(words.locale, { style: "unit", unit: "minute", unitDisplay: "long" });
  return `${where} · ${fill(words.usually, { time })}`;
}

export default function queue(desk: Desk, words: Words) {
  return {
    tell(line: HTMLElement) {
      const { talk } = desk.room();
      if (talk?.status === "waiting" && talk.position) desk.write(line, place(talk, words, desk.fill));
    },
  };
}
