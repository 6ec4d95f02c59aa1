// A question that must be answered before going on. The browser's own modal dialog keeps the focus inside and gives it
// back afterwards; Escape is "no".

import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../text";
import { Button } from "./button";

interface Props {
  title: string;
  lead?: string;
  /** Words of the button that says yes; without them the dialog only informs. */
  yes?: string;
  grave?: boolean;
  ready?: boolean;
  wide?: boolean;
  onYes?: () => void;
  onClose: () => void;
  children?: ComponentChildren;
}

export function Dialog({ title, lead, yes, grave, ready = true, wide, onYes, onClose, children }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  // At once: who presses a key and goes on typing means the field of the dialog.
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const body = box.current?.querySelector("form");
    const informs = !body?.querySelector("input, select, textarea, button, a");
    // Words alone may be longer than the window: they can be scrolled by keys, and are left by Enter.
    if (informs) body?.setAttribute("tabindex", "0");
    box.current?.showModal();
    if (informs) box.current?.querySelector<HTMLElement>("footer button")?.focus();
    return () => before?.isConnected && before.focus();
  }, []);
  const submit = (event: Event) => {
    event.preventDefault();
    if (ready) onYes?.();
  };
  const keys = (event: KeyboardEvent) => {
    const choosing = (event.target as HTMLInputElement).type === "radio";
    if (event.key === "Enter" && (choosing || event.ctrlKey || event.metaKey)) submit(event);
  };
  return (
    <dialog class={`dialog${wide ? " wide" : ""}`} ref={box} aria-labelledby={id} onClose={onClose} onKeyDown={keys}
      onClick={(event) => event.target === box.current && onClose()}>
      <header>
        <h2 id={id}>{title}</h2>
        {lead && <p>{lead}</p>}
      </header>
      <form class="body" id={`${id}-form`} onSubmit={submit}>{children}</form>
      <footer>
        <Button label={yes ? t("no") : t("close")} onClick={onClose} />
        {yes && <Button label={yes} kind={grave ? "grave" : "first"} disabled={!ready} onClick={() => ready && onYes?.()} />}
      </footer>
    </dialog>
  );
}

/** One of a few, as a list that arrow keys walk. */
export function Choices<T extends string>({ name, label, value, options, onChange }: {
  name: string;
  label: string;
  value: T | null;
  options: readonly { value: T; body: ComponentChildren; disabled?: boolean }[];
  onChange: (value: T) => void;
}) {
  return (
    <div class="choices" role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label class="choice" key={option.value}>
          <input type="radio" name={name} value={option.value} checked={value === option.value} disabled={option.disabled} onChange={() => onChange(option.value)} />
          {option.body}
        </label>
      ))}
    </div>
  );
}
