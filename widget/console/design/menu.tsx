// A button that opens a short list of things to do or to be. Arrow keys walk it, Escape closes it, focus goes back.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { KEYS, type KeyName } from "../state/keys";
import { Keys } from "./button";
import { Icon, type IconName } from "./icons";

export interface MenuItem {
  label: string;
  icon?: IconName;
  mark?: ComponentChildren;
  keyName?: KeyName;
  grave?: boolean;
  /** Only where the pane is too narrow for a button of its own. */
  narrow?: boolean;
  /** One of a set: whether it is the one. */
  chosen?: boolean;
  /** Something that is on or off: which. */
  check?: boolean;
  run: () => void;
}

/** `null` draws a line, a string a small title. */
export type MenuEntry = MenuItem | string | null;

interface Props {
  entries: readonly MenuEntry[];
  side?: string;
  label: string;
  children: (open: boolean, toggle: () => void) => ComponentChildren;
}

export function Menu({ entries, side = "", label, children }: Props) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLSpanElement>(null);
  const close = () => {
    setOpen(false);
    anchor.current?.querySelector<HTMLElement>("button")?.focus();
  };
  useEffect(() => {
    if (!open) return;
    anchor.current?.querySelector<HTMLElement>("[role^=menuitem]")?.focus();
    const outside = (event: Event) => !anchor.current?.contains(event.target as Node) && setOpen(false);
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);
  return (
    <span class="menu-anchor" ref={anchor} onKeyDown={(event) => open && walk(event, anchor.current!, close)}>
      {children(open, () => setOpen(!open))}
      {open && (
        <div class={`menu ${side}`} role="menu" aria-label={label}>
          {entries.map((entry, at) => <Entry key={at} entry={entry} close={close} />)}
        </div>
      )}
    </span>
  );
}

function Entry({ entry, close }: { entry: MenuEntry; close: () => void }) {
  if (entry === null) return <div class="rule" role="separator" />;
  if (typeof entry === "string") return <div class="title" role="presentation">{entry}</div>;
  const run = () => {
    close();
    entry.run();
  };
  const role = entry.check !== undefined ? "menuitemcheckbox" : entry.chosen === undefined ? "menuitem" : "menuitemradio";
  return (
    <button type="button" class={`item${entry.grave ? " grave" : ""}${entry.narrow ? " narrow" : ""}`} role={role} aria-checked={entry.check ?? entry.chosen} tabIndex={-1} onClick={run}>
      {entry.icon && <Icon name={entry.icon} />}
      {entry.mark}
      <span>{entry.label}</span>
      {entry.keyName && <span class="mark"><Keys keys={KEYS[entry.keyName]} /></span>}
      {(entry.chosen || entry.check) && <span class="mark"><Icon name="check" /></span>}
    </button>
  );
}

function walk(event: KeyboardEvent, anchor: HTMLElement, close: () => void): void {
  const items = [...anchor.querySelectorAll<HTMLElement>("[role^=menuitem]")];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
  if (event.key === "Escape") close();
  else if (event.key === "Tab") return close();
  else if (event.key in steps) items.at((steps[event.key] ?? 0) % items.length)?.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
