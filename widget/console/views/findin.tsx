// The bar that searches inside a conversation, and the marks it makes in the transcript. Marks are the browser's own highlights:
// they change no element, so links, folded texts and screen readers are left alone.

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Button } from "../design/button";
import { Icon } from "../design/icons";
import type { FindIn } from "../state/findin";
import { marks } from "../state/marking";
import { t } from "../text";

export function FindBar({ find, onClose }: { find: FindIn; onClose: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []); // at once: the next key is for the field
  const count = find.hits.value.length;
  const said = !find.words.value.trim() || find.state.value === "loading" ? ""
    : find.state.value === "failed" ? t("find.failed")
      : count ? t(find.more.value ? "findin.place.more" : "findin.place", { at: find.at.value + 1, count }) : t("find.none");
  const pressed = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === "Escape") onClose();
    else if (event.key === "Enter" || event.key === "ArrowUp" || event.key === "ArrowDown") find.walk(event.key === "ArrowDown" || event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="find-in" role="search" aria-label={t("findin.label")}>
      <Icon name="search" />
      <input class="input" type="search" ref={field} value={find.words.value} dir="auto" maxLength={400} placeholder={t("findin.hint")} aria-label={t("findin.label")}
        onInput={(event) => find.type(event.currentTarget.value)} onKeyDown={pressed} />
      <span class="figures quiet" role="status">{said}</span>
      <Button label={t("findin.before")} icon="up" only="icon" kind="plain" small disabled={!count} onClick={() => find.walk(1)} />
      <Button label={t("findin.after")} icon="down" only="icon" kind="plain" small disabled={!count} onClick={() => find.walk(-1)} />
      <Button label={t("close")} icon="cross" only="icon" kind="plain" small onClick={onClose} />
    </div>
  );
}

/** Highlights of all panes, by name; null where the browser knows none. */
function highlight(name: string): Highlight | null {
  const all = globalThis.CSS?.highlights;
  if (!all || typeof Highlight === "undefined") return null;
  const one = all.get(name) ?? new Highlight();
  all.set(name, one);
  return one;
}

/** Marks the words in every hit that is drawn, and brings the first one of the hit under the eye into view. */
export function useMarks(box: { current: HTMLElement | null }, words: string, hits: readonly number[], spot: number | null, lines: unknown): void {
  const shown = useRef<number | null>(null);
  useEffect(() => {
    const [every, now] = [highlight("found"), highlight("found-now")];
    if (!every || !now || !box.current || !words.trim() || !hits.length) return;
    const made: [Highlight, Range][] = [];
    const wanted = new Set(hits);
    for (const said of box.current.querySelectorAll<HTMLElement>("[data-seq]")) {
      const seq = Number(said.dataset["seq"]);
      if (!wanted.has(seq)) continue;
      const ranges = rangesIn(said.querySelector(".bubble"), words);
      for (const range of ranges) made.push([seq === spot ? now : every, range]);
      if (seq === spot && ranges[0] && shown.current !== seq) (shown.current = seq), intoView(box.current, ranges[0]);
    }
    for (const [where, range] of made) where.add(range);
    return () => made.forEach(([where, range]) => where.delete(range));
  }, [words, hits, spot, lines]);
}

function rangesIn(bubble: Element | null, words: string): Range[] {
  if (!bubble) return [];
  const walker = document.createTreeWalker(bubble, NodeFilter.SHOW_TEXT);
  const ranges: Range[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    for (const { from, to } of marks(node.textContent ?? "", words)) {
      const range = new Range();
      range.setStart(node, from);
      range.setEnd(node, to);
      ranges.push(range);
    }
  return ranges;
}

/** A long message may stand in the middle and its hit far below. */
function intoView(box: HTMLElement, range: Range): void {
  const [hit, frame] = [range.getBoundingClientRect(), box.getBoundingClientRect()];
  if (hit.top < frame.top + 24 || hit.bottom > frame.bottom - 24) box.scrollTop += hit.top - frame.top - frame.height / 2;
}
