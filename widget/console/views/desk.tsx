// The reception desk: the list of who wants something, up to four conversations side by side, and beside them who that is.

import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../design/button";
import { EmptyState } from "../design/surfaces";
import type { Pane } from "../state/desk";
import { useHub, useTopic, useVisitor } from "../state/hub";
import { bind, isTyping, useKey } from "../state/keys";
import { oneOf } from "../state/topics";
import { longest } from "../state/waits";
import { t } from "../text";
import { ConversationPane } from "./conversation";
import { CustomerPanel } from "./customer";
import { Inbox } from "./inbox";
import { goTo, Urgency } from "./urgency";

const PANEL = 312;
const BESIDE = 320;

export function Desk() {
  const hub = useHub();
  const { desk } = hub;
  const panes = desk.panes.value;
  const focused = desk.focused.value;
  const shown = visible(panes.length, desk.capacity.value, focused);
  const roomy = desk.width.value - 52 - 268 - PANEL >= shown.length * BESIDE && desk.width.value >= 1100;
  const [over, setOver] = useState(false);
  const open = roomy ? desk.panel.value : over;
  const toggle = () => (roomy ? (desk.panel.value = !open) : setOver(!open));
  const side = shown.indexOf(focused) >= shown.length / 2 ? "at-start" : "at-end";
  useKey("desk.panel", toggle, panes.length > 0);
  useEffect(() => (open && !roomy ? bind("escape", () => setOver(false)) : undefined), [open, roomy]);
  usePaneKeys();
  const standing = useStanding(panes);
  useHandOn(desk.current.value, panes.length);

  return (
    <main class={`desk${panes.length ? " busy" : ""}`} aria-label={t("nav.desk")}>
      <Inbox />
      <div class="at-desk">
        {panes.length > 0 && <Urgency />}
        <div class={`panes n${shown.length}`}>
          {!panes.length && <NothingOpen />}
          {standing.map((id) => {
            const at = panes.findIndex((pane) => pane.id === id);
            return shown.includes(at) && (
              <ConversationPane key={id} id={id} pinned={panes[at]!.pinned} number={at + 1} alone={shown.length === 1}
                focused={at === focused} panelOpen={open && at === focused} onPanel={() => (desk.focus(at), toggle())} />
            );
          })}
        </div>
      </div>
      {open && desk.current.value && <PanelOf key={desk.current.value} conversation={desk.current.value} floating={roomy ? undefined : side} onClose={toggle} />}
    </main>
  );
}

/**
 * The ids of the panes in the order they were opened. Elements stay where they are in the page, whatever order they are
 * shown in: one that is moved there loses its focus, its selection and how far it was scrolled.
 */
function useStanding(panes: readonly Pane[]): readonly string[] {
  const before = useRef<readonly string[]>([]);
  const ids = panes.map((pane) => pane.id);
  return (before.current = [...before.current.filter((id) => ids.includes(id)), ...ids.filter((id) => !before.current.includes(id))]);
}

/** Indexes of the panes on the screen: as many as fit, the focused one always among them. */
export function visible(count: number, capacity: number, focused: number): number[] {
  const first = Math.max(0, Math.min(focused - capacity + 1, count - capacity));
  return Array.from({ length: Math.min(count, capacity) }, (_, at) => first + at);
}

/** The focus of a pane that is gone goes to the one that has the eye now; not into its text, where keys would be letters. */
function useHandOn(current: string | null, count: number): void {
  const before = useRef(count);
  useEffect(() => {
    const fewer = count < before.current;
    before.current = count;
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (fewer && lost && current) document.getElementById(`pane-${current}`)?.focus();
  }, [count]);
}

function usePaneKeys(): void {
  const { desk } = useHub();
  const go = (at: number) => {
    const pane = desk.panes.value[at];
    if (!pane) return;
    desk.focus(at);
    focusWhenDrawn(pane.id);
  };
  useKey("1", () => go(0));
  useKey("2", () => go(1));
  useKey("3", () => go(2));
  useKey("4", () => go(3));
}

/** Into the composer where one can write, else onto the pane itself. */
export function focusPane(id: string): void {
  const pane = document.getElementById(`pane-${id}`);
  const writing = pane?.querySelector<HTMLElement>("textarea:not(:disabled)");
  if (!isTyping(document.activeElement) || pane) (writing ?? pane)?.focus();
}

/** At once where it is drawn, so that the next letter is text and no key; else as soon as it is. */
export function focusWhenDrawn(id: string): void {
  focusPane(id);
  if (!document.getElementById(`pane-${id}`)?.contains(document.activeElement)) requestAnimationFrame(() => focusPane(id));
}

function PanelOf({ conversation, floating, onClose }: { conversation: string; floating: "at-start" | "at-end" | undefined; onClose: () => void }) {
  const hub = useHub();
  const head = oneOf(useTopic(`conversation:${conversation}`), "row") ?? hub.conversations.value.find((row) => row.id === conversation);
  const visitor = useVisitor(head?.visitor);
  if (!head) return <aside class={`customer${floating ? ` floating ${floating}` : ""}`} aria-busy="true" />;
  return <CustomerPanel customer={head.customer} conversation={head.id} visitor={visitor} floating={floating} onClose={onClose} />;
}

function NothingOpen() {
  const hub = useHub();
  const next = longest(hub.conversations.value, hub.me.value.id);
  if (!hub.loaded.value) return null;
  return (
    <EmptyState icon="desk" title={next ? t("desk.somebody") : t("desk.calm")}>
      {next ? <div class="actions"><Button label={t("desk.somebody.go")} kind="first" keyName="desk.longest" onClick={() => goTo(hub, next)} /></div>
        : <p>{t("desk.calm.lead")}</p>}
    </EmptyState>
  );
}
