// One clock for every figure on the screen that counts. It ticks once a second and only while somebody looks.

import { computed, signal } from "@preact/signals";

/** Milliseconds since the epoch by the hub's clock, renewed every second. */
export const now = signal(Date.now());

/** The same, renewed every minute: for what tells no seconds. */
export const minute = computed(() => now.value - (now.value % 60_000));

let offset = 0;

/** Sets how far the hub's clock is ahead of ours. */
export function setOffset(milliseconds: number): void {
  offset = milliseconds;
  tick();
}

/** The hub's clock, whether anybody looks or not. */
export const hubNow = (): number => Date.now() + offset;

function tick(): void {
  if (document.visibilityState !== "hidden") now.value = hubNow();
}

/** Starts the ticking; returns how to end it. */
export function startClock(): () => void {
  const timer = setInterval(tick, 1000);
  document.addEventListener("visibilitychange", tick);
  tick();
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", tick);
  };
}
