/**
 * What the page remembers: localStorage or sessionStorage, and plain memory where the browser forbids them.
 *
 * Browsers throw on the mere mention of storage when cookies are blocked or a frame is sandboxed, and on writing when
 * it is full. A visitor who forbids storage still chats; the hub just does not know this browser tomorrow.
 */

export interface Memory {
  get(name: string): string | null;
  /** Null forgets. */
  set(name: string, value: string | null): void;
  /** Names that begin with `start`, in no order. */
  names(start: string): string[];
}

/** A memory of its own for each `scope` (the site's key), on `storage()` where that works. */
export function memory(storage: () => Storage, scope: string): Memory {
  const own: Record<string, string> = {};
  const attempt = <T>(what: (area: Storage) => T): T | undefined => {
    try {
      return what(storage());
    } catch {
      return undefined;
    }
  };
  return {
    // The shared area first: another tab may have written since.
    get: (name) => attempt((area) => area.getItem(scope + name)) ?? own[scope + name] ?? null,
    set(name, value) {
      name = scope + name;
      delete own[name];
      if (value === null) attempt((area) => area.removeItem(name));
      else attempt((area) => (area.setItem(name, value), true)) ?? (own[name] = value);
    },
    names: (start) =>
      Object.keys({ ...own, ...attempt((area) => area) })
        .filter((name) => name.startsWith(scope + start))
        .map((name) => name.slice(scope.length)),
  };
}
