// Who is on the site now: one row each, seconds counted here, sorted as the operator likes. Rows keep their place while
// figures change; only what visitors do moves them.

import { signal } from "@preact/signals";
import type { VisitorRow } from "../../wire/console";
import { Avatar } from "../design/avatar";
import { Button } from "../design/button";
import { Icon } from "../design/icons";
import { EmptyState } from "../design/surfaces";
import { Counting } from "../design/time";
import { TrustDot } from "../design/trust";
import { now } from "../state/clock";
import { useHub } from "../state/hub";
import { t, type TextKey } from "../text";
import { nameOf } from "./acts";
import { CustomerPanel } from "./customer";
import { Snippet } from "./snippet";

type Column = "who" | "page" | "seconds" | "pages" | "visits" | "from" | "site" | "helped";

interface Order {
  by: Column | "arrived";
  down: boolean;
}

const order = signal<Order>({ by: "arrived", down: true });
const chosen = signal<string | null>(null);

/** Seconds of attention on the page they are on. */
export function onPage(row: VisitorRow, at: number): number {
  return row.active_before + (row.attentive ? Math.max(0, at - row.since) / 1000 : 0);
}

const VALUE: Record<Order["by"], (row: VisitorRow) => string | number> = {
  arrived: (row) => row.arrived,
  who: (row) => (row.name || "\uffff").toLocaleLowerCase(),
  page: (row) => (row.title || row.url).toLocaleLowerCase(),
  seconds: (row) => onPage(row, now.peek()),
  pages: (row) => row.pages,
  visits: (row) => row.visits,
  from: (row) => hostOf(row.referrer ?? ""),
  site: (row) => row.site,
  helped: (row) => row.operator_name ?? "",
};

export function sorted(rows: readonly VisitorRow[], { by, down }: Order): VisitorRow[] {
  const value = VALUE[by];
  const sign = down ? -1 : 1;
  return rows
    .map((row) => ({ row, value: value(row) }))
    .sort((a, b) => (a.value < b.value ? -sign : a.value > b.value ? sign : a.row.id < b.row.id ? -1 : 1))
    .map(({ row }) => row);
}

export function hostOf(url: string): string {
  try {
    return new URL(url).host.replace(/^www\./, "");
  } catch {
    return url;
  }
}

const COLUMNS: readonly [Column, TextKey][] = [
  ["who", "visitors.who"], ["page", "visitors.page"], ["seconds", "visitors.seconds"], ["pages", "visitors.pages"],
  ["visits", "visitors.visits"], ["from", "visitors.from"], ["site", "visitors.site"], ["helped", "visitors.helped"],
];

export function Visitors() {
  const hub = useHub();
  const rows = sorted(hub.visitors.value, order.value);
  const one = rows.find((row) => row.id === chosen.value) ?? null;
  return (
    <main class="page-with-panel">
      <div class="page">
        <header class="page-head">
          <h1>{t("nav.visitors")}</h1>
          {rows.length > 0 && <p class="quiet">{t("visitors.now", { count: rows.length })}</p>}
        </header>
        {rows.length ? <Floor rows={rows} /> : hub.visitorsLoaded.value && <NobodyHere />}
      </div>
      {one && <CustomerPanel customer={one.customer} visitor={one} onClose={() => (chosen.value = null)} />}
    </main>
  );
}

function Floor({ rows }: { rows: VisitorRow[] }) {
  return (
    <div class="floor scroll">
      <table class="table">
        <thead>
          <tr>{COLUMNS.map(([column, key]) => <Head key={column} column={column} label={t(key)} />)}</tr>
        </thead>
        <tbody>{rows.map((row) => <Row key={row.id} row={row} />)}</tbody>
      </table>
    </div>
  );
}

function Head({ column, label }: { column: Column; label: string }) {
  const { by, down } = order.value;
  const mine = by === column;
  const turn = () => (order.value = mine ? (down ? { by: column, down: false } : { by: "arrived", down: true }) : { by: column, down: true });
  return (
    <th class={`col-${column}`} scope="col" aria-sort={mine ? (down ? "descending" : "ascending") : "none"}>
      <button type="button" onClick={turn}>{label}{mine && <Icon name={down ? "down" : "up"} />}</button>
    </th>
  );
}

/** Drawn anew when its own visitor changes, not when another does: there may be hundreds. */
function Row({ row }: { row: VisitorRow }) {
  const { desk } = useHub();
  const isChosen = chosen.value === row.id; // reading a signal makes a component compare its props
  const open = () => (chosen.value = isChosen ? null : row.id);
  return (
    <tr class={isChosen ? "chosen" : ""} onClick={open}>
      <th class="col-who" scope="row">
        <button type="button" class="who" aria-pressed={isChosen} onClick={(event) => (event.stopPropagation(), open())}>
          <Avatar name={row.name} seed={row.customer} />
          <span class={`cut${row.name ? "" : " quiet"}`} dir="auto">{nameOf(row)}</span>
          <TrustDot level={row.level} />
        </button>
      </th>
      <td class="col-page"><span class="page-cell"><span class="cut" dir="auto" data-tip={row.url}>{row.title || row.url}</span></span></td>
      <td class={`col-seconds${row.attentive ? "" : " quiet"}`} data-tip={row.attentive ? undefined : t("visitors.elsewhere")}>
        <Counting before={row.active_before} since={row.since} running={row.attentive} />
      </td>
      <td class="col-pages figures">{row.pages}</td>
      <td class="col-visits figures">{row.visits > 1 ? row.visits : <span class="quiet">{t("visitors.first")}</span>}</td>
      <td class="col-from"><span class="cut quiet" data-tip={row.referrer || undefined}>{row.referrer ? hostOf(row.referrer) : "–"}</span></td>
      <td class="col-site"><span class="cut quiet">{row.site}</span></td>
      <td class="col-helped">
        {row.conversation
          ? <Button label={row.operator_name || t("visitors.waiting")} kind="plain" small icon="desk"
              onClick={(event) => (event.stopPropagation(), desk.open(row.conversation!))} />
          : <span class="quiet">–</span>}
      </td>
    </tr>
  );
}

function NobodyHere() {
  const { sites } = useHub();
  return (
    <EmptyState icon="eye" title={t("visitors.empty")}>
      <p>{t("visitors.empty.lead")}</p>
      <Snippet site={sites.value[0] ?? "SITE-KEY"} />
    </EmptyState>
  );
}
