// The floor as a shop: each page (or section) is a shelf, visitors stand before it as chips. Who lingers stands in front and is warm;
// a shelf with many people shows the first and a count.

import { useRef } from "preact/hooks";
import type { VisitorRow } from "../../wire/console";
import { Avatar } from "../design/avatar";
import { money } from "../design/figures";
import { Icon } from "../design/icons";
import { Counting } from "../design/time";
import { needsSomebody, pageOf, type Shelf, shelves } from "../state/floor";
import { chosen } from "../state/looking";
import type { Shown } from "../state/steady";
import { t } from "../text";
import { nameOf } from "./acts";
import { Lingering, Returning } from "./glance";
import { WatchMark } from "./watch";

const IN_FRONT = 24;

interface Props {
  rows: readonly Shown<VisitorRow>[];
  by: "page" | "section";
  /** Names the places that are held; null while they are free. */
  held: object | null;
  onHold: (on: boolean) => void;
  onOpen: (id: string) => void;
  onAll: (page: string) => void;
}

/** Under the pointer people stay on their shelf, even when they have walked on. */
function useShelves(rows: readonly VisitorRow[], by: "page" | "section", held: object | null): readonly Shelf[] {
  const last = useRef<{ held: object; layout: readonly Shelf[] } | null>(null);
  if (held && last.current?.held === held) {
    const now = new Map(rows.map((row) => [row.id, row]));
    return last.current.layout.map((shelf) => ({ ...shelf, rows: shelf.rows.map((row) => now.get(row.id) ?? row) }));
  }
  const layout = shelves(rows, by);
  last.current = held ? { held, layout } : null;
  return layout;
}

export function Shelves({ rows, by, held, onHold, onOpen, onAll }: Props) {
  const gone = new Set(rows.filter((one) => one.gone).map(({ row }) => row.id));
  const onShelves = useShelves(rows.map(({ row }) => row), by, held);
  return (
    <div class="shelves scroll" onPointerEnter={() => onHold(true)} onPointerLeave={() => onHold(false)} onKeyDown={walk}>
      {onShelves.map((shelf) => (
        <section class={`shelf wide-${Math.min(4, shelf.rows.length)}`} key={shelf.key} aria-label={shelf.title || pathOf(shelf.key)}>
          <h2>
            <span class="cut" dir="auto" data-tip={shelf.key}>{shelf.title || (by === "section" ? t("shelf.home") : pathOf(shelf.key))}</span>
            <span class="figures quiet">{shelf.rows.length}</span>
          </h2>
          <ul>
            {shelf.rows.slice(0, IN_FRONT).map((row) => <Chip key={row.id} row={row} gone={gone.has(row.id)} onOpen={onOpen} />)}
            {shelf.rows.length > IN_FRONT && (
              <li><button type="button" class="chip more" onClick={() => onAll(by === "page" ? pageOf(shelf.url) : shelf.key)}>{t("shelf.more", { count: shelf.rows.length - IN_FRONT })}</button></li>
            )}
          </ul>
        </section>
      ))}
    </div>
  );
}

function pathOf(page: string): string {
  try {
    return new URL(page).pathname;
  } catch {
    return page;
  }
}

function Chip({ row, gone, onOpen }: { row: VisitorRow; gone: boolean; onOpen: (id: string) => void }) {
  const isChosen = chosen.value === row.id; // reading a signal makes a component compare its props
  const state = `${isChosen ? " chosen" : ""}${gone ? " gone" : ""}${needsSomebody(row) ? " needs" : ""}`;
  return (
    <li>
      <button type="button" class={`chip who${state}`} aria-pressed={isChosen} data-visitor={row.id} onClick={() => onOpen(row.id)}>
        <Avatar name={row.name} seed={row.customer} />
        <span class="chip-words">
          <span class="chip-name"><span class={`cut${row.name ? "" : " quiet"}`} dir="auto">{nameOf(row)}</span><WatchMark customer={row.customer} /><Returning row={row} /></span>
          <span class="chip-facts">
            {row.lingering != null ? <Lingering row={row} />
              : <span class={row.attentive ? "" : "quiet"}><Counting before={row.active_before} since={row.since} running={row.attentive} /></span>}
            {!!row.cart_value && <span class="figures">{money(row.cart_value, row.currency)}</span>}
            {row.conversation ? <span class="chip-help cut"><Icon name="desk" /> {row.operator_name || t("visitors.waiting")}</span>
              : row.invitation && <span class={`fate ${row.invitation}`}>{t(`invitation.${row.invitation}`)}</span>}
          </span>
        </span>
      </button>
    </li>
  );
}

/** Arrow keys walk the chips. */
function walk(event: KeyboardEvent): void {
  const steps: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  const step = steps[event.key];
  if (!step) return;
  const turned = event.key.startsWith("Arrow") && /Left|Right/.test(event.key) && getComputedStyle(event.currentTarget as HTMLElement).direction === "rtl" ? -1 : 1;
  const chips = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>(".chip")];
  chips[chips.indexOf(document.activeElement as HTMLElement) + step * turned]?.focus();
  event.preventDefault();
}
