// The strip above the panes: who of mine waits, the longest wait first, and where one goes on. Its order rests while the
// pointer is over it, so that a click meets whom it was meant for.

import { useEffect, useRef, useState } from "preact/hooks";
import type { ConversationRow } from "../../wire/console";
import { Avatar, Wait } from "../design/avatar";
import { Button } from "../design/button";
import { Menu, type MenuEntry } from "../design/menu";
import { type Hub, useHub } from "../state/hub";
import { useKey } from "../state/keys";
import { toast } from "../state/toasts";
import { arranged, atRest, owed, startMoves } from "../state/urgency";
import { longest } from "../state/waits";
import { t } from "../text";
import { nameOf } from "./acts";
import { focusWhenDrawn } from "./desk";

/** Shows a conversation and puts the cursor where one writes. */
export function goTo(hub: Hub, row: ConversationRow): void {
  hub.desk.open(row.id, row.status === "open");
  focusWhenDrawn(row.id);
}

/** On to the most urgent one of mine. False when nobody else waits for me. */
export function goOn(hub: Hub): boolean {
  const next = hub.walk.next(owed(hub.conversations.value, hub.me.value.id), hub.desk.current.peek(), Date.now());
  if (next) goTo(hub, next);
  return next !== null;
}

export function goToLongest(hub: Hub): void {
  const row = longest(hub.conversations.value, hub.me.value.id);
  if (row) goTo(hub, row);
  else toast(t("desk.nobody"));
}

export function Urgency() {
  const hub = useHub();
  const { desk, habits } = hub;
  const now = owed(hub.conversations.value, hub.me.value.id);
  const [held, setHeld] = useState(false);
  const rows = useRested(now, held);
  const others = now.filter((row) => row.id !== desk.current.value);
  const arrange = () => desk.arrange(arranged(desk.panes.peek(), hub.conversations.peek()));
  useKey("desk.next", () => goOn(hub) || toast(t("desk.next.none")));
  useKey("desk.order", arrange, desk.panes.value.length > 1);
  useArranging(hub, arrange);
  const entries: MenuEntry[] = [
    { label: t("key.desk.order"), icon: "rows", keyName: "desk.order", run: arrange },
    null,
    { label: t("habit.inOrder"), check: habits.inOrder.value, run: () => habits.set("inOrder", !habits.inOrder.value) },
    { label: t("habit.goOn"), check: habits.goOn.value, run: () => habits.set("goOn", !habits.goOn.value) },
  ];
  return (
    <nav class="urgency" aria-label={t("urgency.label")} onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)}>
      <ol class="urgency-list">
        {rows.map((row) => <li key={row.id}><Somebody row={row} place={desk.panes.value.findIndex((pane) => pane.id === row.id)} current={desk.current.value === row.id} /></li>)}
      </ol>
      {!rows.length && <p class="quiet cut">{t("urgency.none")}</p>}
      <span class={`urgency-acts${others.length ? " some" : ""}`}>
        <Button label={t("desk.next")} small keyName="desk.next" disabled={!others.length} onClick={() => void goOn(hub)} />
        <Menu entries={entries} side="end" label={t("urgency.how")}>
          {(open, toggle) => <Button label={t("urgency.how")} icon="more" only="icon" kind="plain" small expanded={open} onClick={toggle} />}
        </Menu>
      </span>
    </nav>
  );
}

function Somebody({ row, place, current }: { row: ConversationRow; place: number; current: boolean }) {
  const hub = useHub();
  const since = row.waiting_since ?? null;
  return (
    <button type="button" class="urgent-one" aria-current={current ? "true" : undefined} data-tip={nameOf(row)} onClick={() => goTo(hub, row)}>
      <Avatar name={row.name} seed={row.customer} size="small" since={since} site={row.site} />
      <span class="cut" dir="auto">{nameOf(row)}</span>
      {since !== null && <Wait since={since} site={row.site} />}
      {place >= 0 && <span class="place figures" aria-hidden="true">{place + 1}</span>}
    </button>
  );
}

/** The same rows in the order they had when `held` began; who came since stands at the end, who left is gone. */
function useRested(now: readonly ConversationRow[], held: boolean): ConversationRow[] {
  const order = useRef<readonly string[]>([]);
  if (!held) order.current = now.map((row) => row.id);
  const place = (row: ConversationRow) => (order.current.includes(row.id) ? order.current.indexOf(row.id) : Infinity);
  return held ? [...now].sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b))) : [...now];
}

/** Keeps the panes in order, for whoever wants that, while nobody types or points. */
function useArranging(hub: Hub, arrange: () => void): void {
  useEffect(() => startMoves(), []);
  useEffect(() => {
    if (!hub.habits.inOrder.value) return;
    const timer = setInterval(() => atRest(Date.now()) && arrange(), 1_000);
    return () => clearInterval(timer);
  }, [hub, hub.habits.inOrder.value]);
}
