// localStorage that never throws: a full or forbidden store costs comfort, not work.

const PREFIX = "hub.";

export function recall<T>(key: string): T | null {
  try {
    const text = localStorage.getItem(PREFIX + key);
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}

export function remember(key: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // full or forbidden: the value lives as long as the tab
  }
}

export function forget(key: string): void {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // forbidden
  }
}

/** Keys (without our prefix) that begin with `start`. */
export function keys(start: string): string[] {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX + start))
      .map((key) => key.slice(PREFIX.length));
  } catch {
    return [];
  }
}

/** What only this tab keeps: over reloads and a crash, not for the next tab. */
export function recallHere<T>(key: string): T | null {
  try {
    const text = sessionStorage.getItem(PREFIX + key);
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}

export function rememberHere(key: string, value: unknown): void {
  try {
    sessionStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // full or forbidden: a reload finds an empty desk
  }
}

/** This tab's name: the same over reloads. */
export function recallName(): string | null {
  try {
    return sessionStorage.getItem(`${PREFIX}tab`);
  } catch {
    return null;
  }
}

export function rememberName(name: string): void {
  try {
    sessionStorage.setItem(`${PREFIX}tab`, name);
  } catch {
    // forbidden: a reload makes another name
  }
}
