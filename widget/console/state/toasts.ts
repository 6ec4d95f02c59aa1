// Short sentences about what just happened, with a way back where there is one.

import { signal } from "@preact/signals";

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly bad: boolean;
  readonly undo?: () => void;
}

export const toasts = signal<readonly Toast[]>([]);
let last = 0;

/** Shows a sentence; it leaves by itself (view/Toasts counts, and waits under the pointer). */
export function toast(text: string, more: { undo?: () => void; bad?: boolean } = {}): void {
  const one: Toast = { id: ++last, text, bad: more.bad ?? false, ...(more.undo ? { undo: more.undo } : {}) };
  toasts.value = [...toasts.value.slice(-2), one];
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}

/** Takes back the newest thing that can be taken back. */
export function undoLast(): void {
  const one = [...toasts.value].reverse().find((each) => each.undo);
  if (!one) return;
  dismiss(one.id);
  one.undo?.();
}
