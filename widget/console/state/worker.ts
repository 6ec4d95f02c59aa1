// The console's worker in this browser: registered once, listened to while the console is open.

const ADDRESS = "/console-sw.js";

interface Policies {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

let registered: Promise<ServiceWorkerRegistration | null> | null = null;

/** The worker's registration; null where the browser has none, or not here (http on another host, a private window). */
export function worker(): Promise<ServiceWorkerRegistration | null> {
  registered ??= "serviceWorker" in navigator ? register().catch(() => null) : Promise.resolve(null);
  return registered;
}

async function register(): Promise<ServiceWorkerRegistration> {
  await navigator.serviceWorker.register(trusted());
  return navigator.serviceWorker.ready;
}

/** Our policy lets no text become the address of a script; this one address is made into more than text. */
function trusted(): string {
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
  return policies ? policies.createPolicy("worker", { createScriptURL: () => ADDRESS }).createScriptURL(ADDRESS) : ADDRESS;
}

/** Hears where a clicked notification leads; returns how to end it. */
export function onLead(open: (conversation: string) => void): () => void {
  const hear = (event: MessageEvent) => {
    const id: unknown = (event.data as { open?: unknown } | null)?.open;
    if (typeof id === "string" && /^[0-9a-f]{32}$/.test(id)) open(id);
  };
  navigator.serviceWorker?.addEventListener("message", hear);
  return () => navigator.serviceWorker?.removeEventListener("message", hear);
}
