// Short sentences about what just happened, with a way back where there is one.

import { signal } from "@preact/signals";

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly bad: boolean;
  readonly undo?: () => void;
  /** Somewhere to go from here. */
  readonly go?: { readonly label: string; run(): void };
}

export const toasts = signal<readonly Toast[]>([]);
let last = 0;

/** Shows a sentence; it leaves by itself (view/Toasts counts, and waits under the pointer). */
export function toast(text: string, more: Partial<Pick<Toast, "undo" | "bad" | "go">> = {}): void {
  const one: Toast = { ...more, id: ++last, text, bad: more.bad ?? false };
  // The same sentence twice says no more than once, and must not push away what can be taken back.
  const others = toasts.value.filter((each) => each.text !== text || each.undo || each.go);
  toasts.value = [...others.slice(-2), one];
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}

/** What this undid needs no offer any more: it has been undone, or never happened. */
export function dismissUndo(undo: () => void): void {
  toasts.value = toasts.value.filter((one) => one.undo !== undo);
}

/** Takes back the newest thing that can be taken back. */
export function undoLast(): void {
  const one = [...toasts.value].reverse().find((each) => each.undo);
  if (!one) return;
  dismiss(one.id);
  one.undo?.();
}
