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
  const own = new Map<string, string>();
  let area: Storage | undefined;
  try {
    area = storage();
    area.setItem(scope, "");
    area.removeItem(scope);
  } catch {
    area = undefined;
  }
  return {
    get: (name) => own.get(name) ?? area?.getItem(scope + name) ?? null,
    set(name, value) {
      own.delete(name);
      try {
        if (value === null) area?.removeItem(scope + name);
        else if (area) area.setItem(scope + name, value);
        else own.set(name, value);
      } catch {
        own.set(name, value!); // full: this page remembers, the next one will not
      }
    },
    names: (start) => [
      ...own.keys(),
      ...(area ? Object.keys(area).filter((key) => key.startsWith(scope)).map((key) => key.slice(scope.length)) : []),
    ].filter((name) => name.startsWith(start)),
  };
}
