// The list: who waits, whom I serve, whom others serve; any other list by a filter; or what was searched for. The longest
// wait stands first in what is in hand, the newest word in the rest.

import { useRef } from "preact/hooks";
import type { ConversationRow } from "../../wire/console";
import { Button } from "../design/button";
import { Icon } from "../design/icons";
import { useHub } from "../state/hub";
import { useKey } from "../state/keys";
import { sections } from "../state/waits";
import { t } from "../text";
import { BulkBar } from "./bulk";
import { FilterMenu } from "./filters";
import { Hits } from "./hits";
import { LongList } from "./longlist";
import { Row } from "./talkrow";

export function Inbox() {
  const { conversations, inbox, me } = useHub();
  const box = useRef<HTMLDivElement>(null);
  const filter = inbox.filter.value;
  const words = inbox.words.value;
  const someWait = sections(conversations.value, me.value.id).waiting.length > 0;
  return (
    <section class="inbox" aria-label={t("inbox.label")}>
      <header class="inbox-head">
        <h1 class="cut">{filter?.name ?? t("nav.desk")}</h1>
        <Button label={t("bulk.choose")} icon="check" only="icon" kind="plain" pressed={inbox.choosing.value}
          onClick={() => (inbox.chosen.value = inbox.choosing.value ? null : new Map())} />
        <FilterMenu />
      </header>
      <Find />
      <div class="inbox-scroll scroll" ref={box} onKeyDown={walkRows}>
        {words.trim() ? <Hits words={words} /> : filter ? <><Waiting /><LongList filter={filter} box={box} titled={someWait} /></> : <InHand />}
      </div>
      <Called />
      {inbox.choosing.value && <BulkBar />}
    </section>
  );
}

/** Notes that call me and that I have not seen; below the list, where it moves nothing. */
function Called() {
  const { inbox, mentions } = useHub();
  const count = mentions.value.size;
  if (!count || inbox.filter.value?.mentioned) return null;
  return (
    <button type="button" class="called" onClick={() => (inbox.filter.value = { name: t("filter.mentioned"), status: "all", mentioned: true })}>
      <span class="count at" aria-hidden="true">@</span> {t("mention.count", { count })}
    </button>
  );
}

function Find() {
  const { inbox } = useHub();
  const field = useRef<HTMLInputElement>(null);
  useKey("desk.find", () => {
    field.current?.focus();
    field.current?.select();
  });
  return (
    <label class="inbox-find">
      <Icon name="search" />
      <input class="input" type="search" ref={field} value={inbox.words.value} dir="auto" maxLength={400} placeholder={t("inbox.find")}
        aria-label={t("inbox.find")} aria-keyshortcuts="/" onInput={(event) => (inbox.words.value = event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") toFirstRow(event);
          if (event.key !== "Escape") return;
          inbox.words.value = "";
          event.currentTarget.blur();
        }} />
    </label>
  );
}

/** Whoever waits is seen whatever list one looks at. */
function Waiting() {
  const hub = useHub();
  const { waiting } = sections(hub.conversations.value, hub.me.value.id);
  return waiting.length ? <Section title={t("inbox.waiting")} count={waiting.length} rows={waiting} urgent /> : null;
}

function InHand() {
  const hub = useHub();
  const { waiting, mine, others } = sections(hub.conversations.value, hub.me.value.id);
  const limit = hub.me.value.limit ?? 4;
  if (!hub.loaded.value) return <Loading />;
  return (
    <>
      <Section title={t("inbox.waiting")} count={waiting.length} rows={waiting} urgent empty={t("inbox.waiting.none")} />
      <Section title={t("inbox.mine")} count={t("inbox.mine.count", { mine: mine.length, limit })} rows={mine} empty={t("inbox.mine.none")} />
      {others.length > 0 && <Section title={t("inbox.others")} count={others.length} rows={others} />}
      <section class="inbox-section"><h2>
        <button type="button" class="fold" onClick={() => (hub.inbox.filter.value = { name: t("inbox.closed"), status: "closed" })}>
          {t("inbox.closed")} <Icon name="right" />
        </button>
      </h2></section>
    </>
  );
}

function Section({ title, count, rows, empty, urgent = false }: {
  title: string;
  count: number | string;
  rows: readonly ConversationRow[];
  empty?: string;
  urgent?: boolean;
}) {
  return (
    <section class="inbox-section">
      <h2 class={urgent && rows.length ? "urgent" : ""}>{title} <span class="figures">{count || ""}</span></h2>
      {rows.length ? <Rows rows={rows} /> : <p class="inbox-none">{empty}</p>}
    </section>
  );
}

const Rows = ({ rows }: { rows: readonly ConversationRow[] }) => (
  <ul>{rows.map((row) => <Row key={row.id} row={row} />)}</ul>
);

function Loading() {
  return (
    <div class="bones" role="status" aria-label={t("loading")}>
      {[72, 54, 63].map((width) => <p key={width}><i /><span style={{ inlineSize: `${width}%` }} /></p>)}
    </div>
  );
}

/** From the field into what it found. */
function toFirstRow(event: KeyboardEvent): void {
  const first = (event.currentTarget as HTMLElement).closest(".inbox")?.querySelector<HTMLElement>(".inbox-scroll .talk-row");
  if (!first) return;
  event.preventDefault();
  first.focus();
}

/** Arrow keys walk the rows of all sections. */
function walkRows(event: KeyboardEvent): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const list = event.currentTarget as HTMLElement;
  const rows = [...list.querySelectorAll<HTMLElement>(".talk-row, .fold")];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  rows[Math.max(0, Math.min(rows.length - 1, at + (event.key === "ArrowDown" ? 1 : -1)))]?.focus();
  event.preventDefault();
}
