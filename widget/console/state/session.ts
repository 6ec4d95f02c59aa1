// Who is signed in, from the first question to the hub until the last.

import { signal } from "@preact/signals";
import type { Me } from "../../wire/console";
import { api, ApiError } from "./api";
import { callMeNot } from "./closed";
import { Hub } from "./hub";
import { rememberOwn, speak } from "../language";
import { claimTab } from "./tab";

export type Session =
  | { is: "asking" }
  | { is: "unreachable" }
  /** `ended`: was signed in until now, here or by an administrator. */
  | { is: "out"; ended: boolean }
  | { is: "in"; hub: Hub };

export const session = signal<Session>({ is: "asking" });

/** Asks the hub whether this browser has a session. */
export async function begin(): Promise<void> {
  session.value = { is: "asking" };
  try {
    await enter(await api.me());
  } catch (error) {
    const out = error instanceof ApiError && error.status >= 400 && error.status < 500;
    session.value = out ? { is: "out", ended: false } : { is: "unreachable" };
  }
}

/** Throws ApiError. */
export async function signIn(login: string, password: string): Promise<void> {
  await enter(await api.signIn(login, password));
}

/** Uses a link that works once, which signs its owner in; the address forgets it. Throws ApiError. */
export async function useLink(used: { token: string; password: string; name?: string; login?: string }): Promise<void> {
  const me = await api.useLink(used);
  history.replaceState(null, "", location.pathname);
  await enter(me);
}

/** The hub forgets the session first; a tab that only looks signed out would be a lie. Throws ApiError. */
export async function signOut(hub: Hub): Promise<void> {
  await callMeNot();
  await api.signOut();
  leave(hub, false);
}

async function enter(me: Me): Promise<void> {
  await follow(me);
  const tab = await claimTab();
  const left = await tab.orphans(me.id);
  const hub = new Hub(me, tab.name);
  hub.outbox.adopt(left);
  session.value = { is: "in", hub };
  hub.line.state.subscribe((state) => {
    if (state === "out") leave(hub, true);
  });
  // What was chosen at another desk comes with the next welcome.
  hub.me.subscribe((now) => void follow(now));
}

/** Keeps the operator's language and zone with the hub, for this browser and every other. Throws ApiError. */
export async function choose(hub: Hub, own: { language: string; zone: string }): Promise<void> {
  await api.choose(own);
  hub.me.value = { ...hub.me.peek(), ...own };
}

async function follow({ language = "", zone = "" }: Me): Promise<void> {
  rememberOwn(language, zone);
  await speak(language);
}

function leave(hub: Hub, ended: boolean): void {
  if (session.peek().is !== "in") return;
  session.value = { is: "out", ended };
  hub.close();
}
