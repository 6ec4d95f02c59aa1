// Somebody waits: the tab says so, in its title and on its icon. Sound and notifications: see ringing.ts.

import { effect, signal } from "@preact/signals";
import { t } from "../text";
import { hubNow } from "./clock";
import type { Hub } from "./hub";
import { unseen } from "./ringing";
import { sections, targetOf, type Warmth, waited, warmth } from "./waits";

const COLOURS: Record<Warmth, string> = { 0: "#5d6b78", 1: "#b36b00", 2: "#c62f2f" };

function icon(badge: string | null): string {
  const dot = badge ? `<circle cx="23" cy="9" r="9" fill="${badge}" stroke="#fff" stroke-width="2"/>` : "";
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect y="2" width="30" height="30" rx="9" fill="#12566b"/><path d="M8 12h14M8 18h9" stroke="#fff" stroke-width="3" stroke-linecap="round"/>${dot}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

function setIcon(address: string): void {
  let link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  if (!link) {
    link = document.createElement("link");
    link.rel = "icon";
    document.head.append(link);
  }
  if (link.href !== address) link.href = address;
}

/** The icon of a tab that has nothing to report. */
export function plainIcon(): void {
  setIcon(icon(null));
}

/** Keeps title and icon true; returns how to end it. */
export function startAlarm(hub: Hub): () => void {
  // A clock of its own: that of the screen rests while nobody looks, which is when the icon is all there is to see.
  const at = signal(hubNow());
  const timer = setInterval(() => (at.value = hubNow()), 1000);
  const end = effect(() => {
    const { waiting } = sections(hub.conversations.value, hub.me.value.id);
    const late = waiting.some((row) => unseen(row) && (row.alarm ?? 0) > 0);
    document.title = waiting.length ? t(late ? "title.late" : "title.waiting", { count: waiting.length }) : t("title");
    const warm = Math.max(-1, ...waiting.map((row) => warmth(waited(row, at.value) ?? 0, targetOf(row.site)))) as Warmth | -1;
    setIcon(icon(warm < 0 ? null : COLOURS[warm as Warmth]));
  });
  return () => {
    clearInterval(timer);
    end();
    document.title = t("title");
    plainIcon();
  };
}
