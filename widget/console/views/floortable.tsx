// The floor as a table: one row each, sorted as the operator likes. Only what is on the screen is drawn, so that five
// hundred rows cost what thirty do; on a narrow page each row is a card of two lines.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { VisitorRow } from "../../wire/console";
import { Avatar } from "../design/avatar";
import { languageName } from "../design/figures";
import { Icon } from "../design/icons";
import { Counting, Time } from "../design/time";
import { TrustDot } from "../design/trust";
import { BY_NEED, cameFrom, type Column, firstDown, needsSomebody } from "../state/floor";
import { chosen, order } from "../state/looking";
import { useHub } from "../state/hub";
import type { Shown } from "../state/steady";
import { t } from "../text";
import { nameOf } from "./acts";
import { Cart, DeviceIcon, Help, Lingering, LocalTime, Returning } from "./glance";
import { WatchMark } from "./watch";

const COLUMNS: readonly Column[] = ["who", "page", "seconds", "scroll", "pages", "visits", "from", "language", "local", "cart", "arrived", "site", "helped"];
const AROUND = 8;

interface Props {
  rows: readonly Shown<VisitorRow>[];
  onHold: (on: boolean) => void;
  onOpen: (id: string) => void;
}

export function FloorTable({ rows, onHold, onOpen }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const several = useHub().sites.value.length > 1;
  const { from, to, high } = useWindow(box, rows.length);
  const spacer = (count: number) => count > 0 && <tr class="spacer" aria-hidden="true"><td style={{ height: `${count * high}px` }} /></tr>;
  return (
    <div class="floor scroll" ref={box}>
      <table class={`table${several ? "" : " one-site"}`} aria-rowcount={rows.length + 1}>
        <thead><tr>{COLUMNS.map((column) => <Head key={column} column={column} />)}</tr></thead>
        <tbody onPointerEnter={() => onHold(true)} onPointerLeave={() => onHold(false)} onKeyDown={walk}>
          {spacer(from)}
          {rows.slice(from, to).map(({ row, gone }, at) => <Row key={row.id} row={row} gone={gone} at={from + at + 2} onOpen={onOpen} />)}
          {spacer(rows.length - to)}
        </tbody>
      </table>
    </div>
  );
}

/** Which rows are on the screen. All are equally high; how high is asked of the first. */
function useWindow(box: { current: HTMLDivElement | null }, count: number) {
  const [high, setHigh] = useState(40);
  const [place, setPlace] = useState({ top: 0, room: 900 });
  useEffect(() => {
    const element = box.current!;
    const look = () => setPlace({ top: element.scrollTop, room: element.clientHeight || 900 });
    const resized = new ResizeObserver(look);
    resized.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    look();
    return () => {
      resized.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);
  useLayoutEffect(() => {
    const one = box.current?.querySelector<HTMLElement>("tr.visitor")?.getBoundingClientRect().height;
    if (one && Math.abs(one - high) > 0.5) setHigh(one);
  });
  const from = Math.max(0, Math.min(count, Math.floor(place.top / high)) - AROUND);
  return { high, from, to: Math.min(count, Math.ceil((place.top + place.room) / high) + AROUND) };
}

function Head({ column }: { column: Column }) {
  const { by, down } = order.value;
  const mine = by === column;
  const first = firstDown(column);
  const turn = () => (order.value = !mine ? { by: column, down: first } : down === first ? { by: column, down: !first } : BY_NEED);
  return (
    <th class={`col-${column}`} scope="col" aria-sort={mine ? (down ? "descending" : "ascending") : "none"}>
      <button type="button" onClick={turn}><span class="cut">{t(`visitors.${column}`)}</span>{mine && <Icon name={down ? "down" : "up"} />}</button>
    </th>
  );
}

/** Drawn anew when its own visitor changes, not when another does: there may be hundreds. */
function Row({ row, gone, at, onOpen }: { row: VisitorRow; gone: boolean; at: number; onOpen: (id: string) => void }) {
  const isChosen = chosen.value === row.id; // reading a signal makes a component compare its props
  const open = () => onOpen(row.id);
  const state = `${isChosen ? " chosen" : ""}${gone ? " gone" : ""}${needsSomebody(row) ? " needs" : ""}`;
  return (
    <tr class={`visitor${state}`} aria-rowindex={at} data-visitor={row.id} onClick={open}>
      <th class="col-who" scope="row">
        <span class="who-cell">
          <button type="button" class="who" aria-pressed={isChosen} onClick={(event) => (event.stopPropagation(), open())}>
            <Avatar name={row.name} seed={row.customer} />
            <span class={`cut${row.name ? "" : " quiet"}`} dir="auto">{nameOf(row)}</span>
          </button>
          <TrustDot level={row.level} /><WatchMark customer={row.customer} /><Returning row={row} /><DeviceIcon device={row.device} />
          <Lingering row={row} />
        </span>
      </th>
      <td class="col-page">
        <span class="cut" dir="auto" data-tip={row.url}>{row.title || row.url}</span>
      </td>
      <td class={`col-seconds${row.attentive ? "" : " quiet"}`} data-tip={row.attentive ? undefined : t("visitors.elsewhere")}>
        {gone ? t("visitors.gone") : <Counting before={row.active_before} since={row.since} running={row.attentive} />}
      </td>
      <td class="col-scroll figures">{row.scroll ? `${row.scroll} %` : <span class="quiet">–</span>}</td>
      <td class="col-pages figures">{row.pages}</td>
      <td class="col-visits figures">{row.visits > 1 ? row.visits : <span class="quiet">{t("visitors.first")}</span>}</td>
      <td class="col-from"><From row={row} /></td>
      <td class="col-language"><span class="cut quiet">{row.language ? languageName(row.language) : "–"}</span></td>
      <td class="col-local"><LocalTime zone={row.zone} /></td>
      <td class="col-cart"><Cart row={row} /></td>
      <td class="col-arrived quiet"><Time at={row.arrived} /></td>
      <td class="col-site"><span class="cut quiet">{row.site}</span></td>
      <td class="col-helped">{!gone && <Help row={row} />}</td>
    </tr>
  );
}

function From({ row }: { row: VisitorRow }) {
  const tip = [row.told_by && t("visitors.told.tip", { name: row.told_by }), row.referrer, row.campaign && t("visitors.campaign", { name: row.campaign })].filter(Boolean).join("\n");
  const words = [row.told_by && t("visitors.told"), cameFrom(row), row.campaign].filter(Boolean).join(" · ");
  return <span class="cut quiet" dir="auto" data-tip={tip || undefined}>{words || t("visitors.direct")}</span>;
}

/** Arrow keys walk the rows. */
function walk(event: KeyboardEvent): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const rows = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>(".who")];
  const row = (event.target as HTMLElement).closest("tr")?.querySelector<HTMLElement>(".who");
  const next = rows[rows.indexOf(row!) + (event.key === "ArrowDown" ? 1 : -1)];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
  event.preventDefault();
}
