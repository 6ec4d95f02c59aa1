// This tab's name, and the tabs that are gone.
//
// The name outlives reloads (sessionStorage) and is held by a lock as long as the tab lives. A duplicated tab finds the
// name taken and chooses another; a crashed one leaves its name free, so that the next tab can send what it left unsent.

import { newId } from "./ids";
import { keys, recallName, rememberName } from "./storage";

export interface Tab {
  readonly name: string;
  /** Names of tabs that are gone and left messages of this operator unsent. */
  orphans(operator: string): Promise<string[]>;
}

const lockOf = (name: string): string => `hub.tab.${name}`;

/** Holds the lock of a name for as long as the page lives; tells whether it was free. */
function hold(name: string): Promise<boolean> {
  return new Promise((known) => {
    void navigator.locks.request(lockOf(name), { ifAvailable: true }, (lock) => {
      known(lock !== null);
      return lock && new Promise<void>(() => {});
    });
  });
}

let claimed: Promise<Tab> | null = null;

/** Once per page. Without locks (an old browser, plain http) the name is kept and nobody is an orphan. */
export function claimTab(): Promise<Tab> {
  return (claimed ??= claim());
}

async function claim(): Promise<Tab> {
  const kept = recallName() ?? newId();
  if (!("locks" in navigator) || !navigator.locks) return named(kept);
  const name = (await hold(kept)) ? kept : newId();
  if (name !== kept) await hold(name);
  return named(name);
}

function named(name: string): Tab {
  rememberName(name);
  return { name, orphans: (operator) => orphans(`outbox.${operator}.`) };
}

async function orphans(start: string): Promise<string[]> {
  if (!("locks" in navigator) || !navigator.locks) return [];
  const { held = [] } = await navigator.locks.query();
  const alive = new Set(held.map((lock) => lock.name));
  return keys(start)
    .map((key) => key.slice(start.length))
    .filter((name) => !alive.has(lockOf(name)));
}
