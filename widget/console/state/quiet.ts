// Do not disturb, always with an end. It is this browser's, shared by its tabs: who works at two desks says so at both.

import { signal } from "@preact/signals";
import { endOfDay } from "./calendar";
import { forget, recall, remember } from "./storage";

const KEY = "quiet";

/** Milliseconds since the epoch, by this computer's clock; null when alarms may sound. */
export const quietUntil = signal<number | null>(null);

export type Span = "quarter" | "hour" | "tomorrow";
export const SPANS: readonly Span[] = ["quarter", "hour", "tomorrow"];

/** When a rest that begins now ends; "tomorrow" is the next midnight where the operator is. */
export function endOf(span: Span, at: number): number {
  if (span !== "tomorrow") return at + (span === "hour" ? 60 : 15) * 60_000;
  return endOfDay(at);
}

export function beQuiet(until: number | null): void {
  quietUntil.value = until;
  if (until === null) forget(KEY);
  else remember(KEY, until);
}

/** Whole seconds that are left; 0 when it is over. */
export function quietFor(until: number | null, at: number): number {
  return until === null ? 0 : Math.max(0, Math.ceil((until - at) / 1000));
}

export const isQuiet = (at: number = Date.now()): boolean => quietFor(quietUntil.peek(), at) > 0;

/** Hears of other tabs, and ends it on time; returns how to stop. */
export function startQuiet(): () => void {
  const look = () => {
    const until = recall<number>(KEY);
    if (until !== null && until <= Date.now()) beQuiet(null);
    else if (until !== quietUntil.peek()) quietUntil.value = until;
  };
  const told = (event: StorageEvent) => event.key === `hub.${KEY}` && look();
  look();
  const timer = setInterval(look, 1000);
  addEventListener("storage", told);
  return () => {
    clearInterval(timer);
    removeEventListener("storage", told);
  };
}
