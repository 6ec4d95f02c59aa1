// Notifications of the desktop, for as long as a tab is open. A closed one is called by push: see closed.ts.

import { signal } from "@preact/signals";

export type Permission = NotificationPermission | "missing";

const today = (): Permission => ("Notification" in globalThis && globalThis.isSecureContext !== false ? Notification.permission : "missing");

export const permission = signal<Permission>("missing");

/** Follows what the person decides in the browser's own settings; returns how to end it. */
export function startPermission(): () => void {
  const look = () => (permission.value = today());
  look();
  let status: PermissionStatus | undefined;
  // Not every browser can be asked about this; looking again on focus covers the others.
  navigator.permissions?.query({ name: "notifications" }).then((found) => {
    status = found;
    status.addEventListener("change", look);
  }, () => {});
  addEventListener("focus", look);
  return () => {
    status?.removeEventListener("change", look);
    removeEventListener("focus", look);
  };
}

/** Lets the browser ask. Only from a click: otherwise browsers refuse for good. */
export async function askPermission(): Promise<void> {
  if ("Notification" in globalThis) await Notification.requestPermission();
  permission.value = today();
}

/** Shows one; null when the browser does not. The same `tag` replaces, in all tabs together. */
export function notify(title: string, body: string, tag: string, go: () => void): Notification | null {
  if (today() !== "granted") return null;
  try {
    const shown = new Notification(title, { body, tag, requireInteraction: true });
    shown.onclick = () => {
      focus();
      shown.close();
      go();
    };
    return shown;
  } catch {
    return null; // Android has them only in service workers
  }
}

/** Which of the words about settings fit this browser. */
export function browserKind(agent: string = navigator.userAgent): "firefox" | "safari" | "chrome" {
  if (/firefox/i.test(agent)) return "firefox";
  return /safari/i.test(agent) && !/chrom|edg/i.test(agent) ? "safari" : "chrome";
}
