// Who is on the site now: shelves with people before them, or a table of the same, and beside it who one of them is.
//
// Rows keep their place while figures change and while the pointer is over them; only what visitors do moves them.

import { useEffect, useRef, useState } from "preact/hooks";
import type { VisitorRow } from "../../wire/console";
import { Button } from "../design/button";
import { Icon } from "../design/icons";
import { EmptyState } from "../design/surfaces";
import { now } from "../state/clock";
import { mayInvite, narrowed, needsSomebody, sorted, sought, wishes } from "../state/floor";
import { useHub, useVisitor } from "../state/hub";
import { KEYS, useKey } from "../state/keys";
import { choose, chosen, inviting, look, lookAs, lookAt, narrow, order, person, view, VIEWS, words } from "../state/looking";
import { usePaced } from "../state/paced";
import { useSteady } from "../state/steady";
import { t } from "../text";
import { watch } from "./acts";
import { CustomerPanel } from "./customer";
import { FloorFilter } from "./floorfilter";
import { FloorTable } from "./floortable";
import { InviteDialog } from "./invite";
import { Shelves } from "./shelves";
import { Snippet } from "./snippet";
import { WatchList } from "./watch";

const rises = (row: VisitorRow, then: VisitorRow): boolean => needsSomebody(row) && !needsSomebody(then);

export function Visitors() {
  const hub = useHub();
  const all = usePaced(hub.visitors);
  useEffect(() => lookAs(hub.me.peek().id), [hub]);
  const found = sorted(narrowed(sought(all, words.value), narrow.value, hub.watched.customers.value), order.value, now.peek());
  const way = `${order.value.by}${order.value.down}${words.value}${view.value}${JSON.stringify(narrow.value)}`;
  const list = useSteady(found, way, rises);
  const one = useVisitor(chosen.value);
  const asked = useVisitor(inviting.value);
  const ofFloor = useCustomer(one);
  const customer = person.value ?? ofFloor;
  const shut = () => (choose(null), lookAt(null));
  useKey("floor.view", () => look(VIEWS[(VIEWS.indexOf(view.value) + 1) % VIEWS.length]!));
  useKey("floor.invite", () => {
    const row = hub.visitor(underFocus() ?? chosen.value);
    if (row && mayInvite(row)) inviting.value = row.id;
  });
  useKey("floor.watch", () => {
    const row = hub.visitor(underFocus() ?? chosen.value);
    if (row) void watch(hub, row.customer, row.name || t("visitor"), !hub.watched.customers.value.has(row.customer));
  });
  useKey("desk.panel", shut, customer !== null);
  const open = (id: string) => choose(chosen.value === id ? null : id);

  return (
    <main class="page-with-panel">
      <div class="page">
        <Head count={all.length} found={found.length} />
        {all.length === 0 ? hub.visitorsLoaded.value && <NobodyHere />
          : found.length === 0 && list.shown.length === 0 ? <NobodyFound />
            : (
              <div class="floor-place">
                {view.value !== "table"
                  ? <Shelves rows={list.shown} by={view.value === "shelves" ? "page" : "section"} held={list.held} onHold={list.hold} onOpen={open} onAll={(page) => ((words.value = page), look("table"))} />
                  : <FloorTable rows={list.shown} onHold={list.hold} onOpen={open} />}
                {list.fresh > 0 && (
                  <button type="button" class="pill fresh" onClick={list.settle}><span>{t("floor.fresh", { count: list.fresh })}</span><Icon name="up" /></button>
                )}
              </div>
            )}
      </div>
      {customer && <CustomerPanel customer={customer} visitor={person.value ? (all.find((row) => row.customer === person.value) ?? null) : one} onClose={shut} />}
      {asked && <InviteDialog row={asked} onClose={() => (inviting.value = null)} />}
    </main>
  );
}

/** The visitor whose row or chip has the keyboard's focus. */
const underFocus = (): string | null => document.activeElement?.closest<HTMLElement>("[data-visitor]")?.dataset["visitor"] ?? null;

/** Whose panel is open. Somebody who leaves does not take it away from whoever reads in it. */
function useCustomer(one: VisitorRow | null): string | null {
  const last = useRef<string | null>(null);
  if (chosen.value === null) last.current = null;
  else if (one) last.current = one.customer;
  return last.current;
}

const VIEW_ICONS = { table: "rows", shelves: "shelves", sections: "sections" } as const;

function Head({ count, found }: { count: number; found: number }) {
  const { needy, watched } = useHub();
  const [listing, setListing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useKey("floor.find", () => field.current?.focus());
  const left = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    words.value = "";
    field.current?.blur();
  };
  return (
    <header class="page-head floor-head">
      <h1>{t("nav.visitors")}</h1>
      <p class="quiet">
        {count > 0 && t("visitors.now", { count })}
        {needy.value > 0 && <span class="needy"><Icon name="linger" /> {t("visitors.lingering", { count: needy.value })}</span>}
      </p>
      <div class="floor-tools">
        {count > 0 && (
          <label class="find">
            <Icon name="search" />
            <input class="input" type="search" ref={field} value={words.value} placeholder={t("floor.find")} aria-label={t("floor.find")}
              aria-keyshortcuts={KEYS["floor.find"]} onInput={(event) => (words.value = event.currentTarget.value)} onKeyDown={left} />
            <span class="unseen" role="status">{words.value || wishes(narrow.value) ? t("floor.found", { count: found }) : ""}</span>
          </label>
        )}
        {count > 0 && <FloorFilter />}
        {(count > 0 || watched.rows.value.length > 0) && <Button label={t("watch.list")} icon="star" only="icon" kind="plain" onClick={() => setListing(true)} />}
        {count > 0 && (
          <div class="segments" role="group" aria-label={t("floor.view")}>
            {VIEWS.map((one) => <Button key={one} label={t(`floor.${one}`)} icon={VIEW_ICONS[one]} only="icon" kind="plain" keyName="floor.view" pressed={view.value === one} onClick={() => look(one)} />)}
          </div>
        )}
      </div>
      {listing && <WatchList onClose={() => setListing(false)} />}
    </header>
  );
}

function NobodyFound() {
  return (
    <EmptyState icon="search" title={t("floor.none")}>
      <div class="actions"><Button label={t("floor.clear")} onClick={() => ((words.value = ""), (narrow.value = {}))} /></div>
    </EmptyState>
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
