// The list: who waits, whom I serve, whom others serve, and what is closed. The longest wait stands first everywhere.

import { useSignal } from "@preact/signals";
import { useState } from "preact/hooks";
import type { ConversationRow } from "../../wire/console";
import { Avatar, Wait } from "../design/avatar";
import { Button } from "../design/button";
import { Icon, type IconName } from "../design/icons";
import { Time } from "../design/time";
import { TrustDot } from "../design/trust";
import { api } from "../state/api";
import { useHub } from "../state/hub";
import { sections } from "../state/waits";
import { t } from "../text";
import { nameOf } from "./acts";

export function Inbox() {
  const hub = useHub();
  const { waiting, mine, others } = sections(hub.conversations.value, hub.me.value.id);
  const limit = hub.me.value.limit ?? 4;
  return (
    <section class="inbox" aria-label={t("inbox.label")}>
      <header class="inbox-head"><h1>{t("nav.desk")}</h1></header>
      <div class="inbox-scroll scroll" onKeyDown={walkRows}>
        {hub.loaded.value ? (
          <>
            <Section title={t("inbox.waiting")} count={waiting.length} rows={waiting} urgent empty={t("inbox.waiting.none")} />
            <Section title={t("inbox.mine")} count={t("inbox.mine.count", { mine: mine.length, limit })} rows={mine} empty={t("inbox.mine.none")} />
            {others.length > 0 && <Section title={t("inbox.others")} count={others.length} rows={others} />}
            <Closed />
          </>
        ) : <Loading />}
      </div>
    </section>
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

function Row({ row }: { row: ConversationRow }) {
  const { desk, drafts, me } = useHub();
  const draft = drafts.all.value.get(row.id)?.text;
  const since = row.status === "closed" ? null : (row.waiting_since ?? null);
  const mine = row.status === "open" && row.operator === me.value.id;
  const unread = mine ? (row.unread ?? 0) : 0;
  const onDesk = desk.panes.value.findIndex((pane) => pane.id === row.id);
  return (
    <li>
      <button type="button" class="talk-row" aria-current={desk.current.value === row.id ? "true" : undefined}
        onClick={(event) => desk.open(row.id, mine || event.ctrlKey || event.metaKey)} onDblClick={() => desk.pin(row.id)}>
        <Avatar name={row.name} seed={row.customer} since={since} />
        <span class="talk-words">
          <span class="talk-top">
            <b class="cut" dir="auto">{nameOf(row)}</b>
            <TrustDot level={row.level} />
            <span class="talk-time">{since !== null ? <Wait since={since} /> : <Time at={row.last_at || row.opened} />}</span>
          </span>
          <span class="talk-bottom">
            <ChannelIcon channel={row.channel} />
            <span class="cut" dir="auto">
              {draft ? <><i class="draft">{t("inbox.draft")}</i> {draft}</> : lastWords(row, me.value.id)}
            </span>
            {unread > 0 ? <span class="count figures" aria-label={t("inbox.unread", { count: unread })}>{unread}</span>
              : onDesk >= 0 && desk.panes.value.length > 1 && <span class="place figures" aria-hidden="true">{onDesk + 1}</span>}
          </span>
        </span>
      </button>
    </li>
  );
}

function lastWords(row: ConversationRow, me: string): string {
  const text = row.last_text || (row.seq > 0 ? t("inbox.file") : "");
  if (row.status === "closed") return text;
  if (row.last_author === "operator") return t(row.operator === me ? "inbox.you" : "inbox.they", { name: row.operator_name ?? "", text });
  if (row.operator && row.operator !== me) return t("inbox.with", { name: row.operator_name ?? "", text });
  return text;
}

const CHANNELS: Record<string, IconName> = { text: "desk", chat: "desk", email: "mail", mail: "mail", voice: "phone", call: "phone" };

export function ChannelIcon({ channel }: { channel: string }) {
  return <Icon name={CHANNELS[channel] ?? "globe"} />;
}

/** Closed ones are fetched when they are asked for, a page at a time. */
function Closed() {
  const [open, setOpen] = useState(false);
  const rows = useSignal<ConversationRow[]>([]);
  const next = useSignal<string | null>(null);
  const state = useSignal<"idle" | "loading" | "failed">("idle");
  const load = async () => {
    state.value = "loading";
    try {
      const page = await api.closed(next.value);
      const known = new Set(rows.value.map((row) => row.id));
      rows.value = [...rows.value, ...page.items.filter((row) => !known.has(row.id))];
      next.value = page.next ?? null;
      state.value = "idle";
    } catch {
      state.value = "failed";
    }
  };
  const toggle = () => {
    setOpen(!open);
    if (open) return;
    rows.value = [];
    next.value = null;
    void load();
  };
  return (
    <section class="inbox-section">
      <h2>
        <button type="button" class="fold" aria-expanded={open} onClick={toggle}>
          {t("inbox.closed")} <Icon name={open ? "down" : "right"} />
        </button>
      </h2>
      {open && <Rows rows={rows.value} />}
      {open && state.value === "idle" && !rows.value.length && <p class="inbox-none">{t("inbox.closed.none")}</p>}
      {open && state.value === "loading" && <p class="inbox-none" role="status">{t("loading")}</p>}
      {open && state.value === "failed" && <p class="inbox-none">{t("inbox.closed.failed")} <Button label={t("again")} small onClick={load} /></p>}
      {open && state.value === "idle" && next.value && <div class="inbox-more"><Button label={t("more.older")} kind="plain" small onClick={load} /></div>}
    </section>
  );
}

function Loading() {
  return (
    <div class="bones" role="status" aria-label={t("loading")}>
      {[72, 54, 63].map((width) => <p key={width}><i /><span style={{ inlineSize: `${width}%` }} /></p>)}
    </div>
  );
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
