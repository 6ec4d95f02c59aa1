// Of several tabs one does what must be done once. The browser's own lock elects it and, when its tab ends or crashes,
// the next in line; there is nothing to time out.

import { type ReadonlySignal, signal } from "@preact/signals";

export interface Office {
  readonly leads: ReadonlySignal<boolean>;
  /** Steps down, or out of the line. */
  end(): void;
}

/** Stands in line for an office. Without locks (plain http, an old browser) every tab leads. */
export function standFor(name: string, locks: LockManager | undefined = navigator.locks): Office {
  const leads = signal(!locks);
  const line = new AbortController();
  let stepDown = () => {};
  const served = new Promise<void>((done) => (stepDown = done));
  const serve = () => {
    leads.value = !line.signal.aborted;
    return served;
  };
  locks?.request(`hub.${name}`, { signal: line.signal }, serve).catch(() => {
    // ended while still in line
  });
  return {
    leads,
    end() {
      leads.value = false;
      line.abort();
      stepDown();
    },
  };
}
