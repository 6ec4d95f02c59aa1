// A list as long as one likes: only the rows near the window are drawn, and the next page comes before its end is reached.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ConversationRow } from "../../wire/console";
import { Button } from "../design/button";
import { useHub } from "../state/hub";
import { type Filter, listOf } from "../state/inbox";
import { t } from "../text";
import { Row } from "./talkrow";

/** Every row of a long list is of this height (also in inbox.css). */
export const ROW = 52;
const SPARE = 8;

/** A page is as it was asked for; the rows that are in hand go on changing, and are shown as they are now. */
export function LongList({ filter, box, titled }: { filter: Filter; box: { current: HTMLElement | null }; titled: boolean }) {
  const { conversations } = useHub();
  const live = new Map(conversations.value.map((row) => [row.id, row]));
  const list = useMemo(() => listOf(filter), [filter]);
  const [from, setFrom] = useState(0);
  const own = useRef<HTMLUListElement>(null);
  const rows: readonly ConversationRow[] = list.items.value;
  const state = list.state.value;
  const seen = Math.ceil((box.current?.clientHeight ?? 800) / ROW) + 2 * SPARE;
  useEffect(() => void list.load(true), [list]);
  useEffect(() => {
    const element = box.current!;
    // Who waits stands above the list, so its rows do not begin where the window does.
    const scrolled = () => {
      const above = element.getBoundingClientRect().top - own.current!.getBoundingClientRect().top;
      setFrom(Math.max(0, Math.floor(above / ROW) - SPARE));
    };
    element.scrollTop = 0;
    element.addEventListener("scroll", scrolled, { passive: true });
    return () => element.removeEventListener("scroll", scrolled);
  }, [list]);
  useEffect(() => {
    if (state === "idle" && list.next.value && from + seen + 20 > rows.length) void list.load();
  }, [from, rows.length, state]);
  const shown = rows.slice(from, from + seen);
  return (
    <section class="inbox-section" aria-label={filter.name} aria-busy={state === "loading"}>
      <h2 class={titled ? "" : "unseen"}>{filter.name}</h2>
      <ul class="long-list" ref={own} style={{ paddingBlockStart: `${from * ROW}px`, paddingBlockEnd: `${Math.max(0, rows.length - from - shown.length) * ROW}px` }}>
        {shown.map((row) => <Row key={row.id} row={live.get(row.id) ?? row} />)}
      </ul>
      {state === "idle" && !rows.length && <p class="inbox-none">{t("inbox.none")}</p>}
      {state === "loading" && <p class="inbox-none" role="status">{t("loading")}</p>}
      {state === "failed" && <p class="inbox-none">{t("inbox.closed.failed")} <Button label={t("again")} small onClick={() => void list.load(!rows.length)} /></p>}
    </section>
  );
}
