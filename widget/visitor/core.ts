/**
 * The border between the tracker and the panel. Types only.
 *
 * Two bundles: the tracker, which every page view pays for, and the panel with all that concerns a conversation,
 * loaded at the first opening, or at once where there is a conversation. They share no running code but what passes
 * through here: what both imported, the bundler would put into a third file, one more request for the shop.
 */

import type { FromPage, Hello, ToPage } from "../wire/visitor.ts";
import type { Memory } from "./memory.ts";

/** What the tracker gives. */
export interface Core {
  /** Where the hub lives, and the site's key there. */
  origin: string;
  site: string;
  /** One of texts/. */
  language: string;
  /** The element within the shadow root that everything is put into. */
  frame: HTMLElement;
  button: HTMLButtonElement;
  /** What this browser remembers, and what this tab does. */
  lasting: Memory;
  notes: Memory;
  /** To the other tabs of this site, where the browser has a way to them. */
  tabs(news: unknown): void;
  /** The page's title without our number in it is read through this. */
  titles(plain: () => string): void;
  guard<A extends unknown[]>(run: (...given: A) => void): (...given: A) => void;
  newId(): string;
  /** Where mistakes of ours go. */
  failed(error: unknown): void;
  clip(text: string, limit: number): string;
  /** The visitor says yes or no to being tracked. */
  decide(yes: boolean): void;
  /** Adds a style sheet to the shadow root. */
  style(css: string): void;
  /** False while there is no line; nothing is kept. */
  send(frame: FromPage): boolean;
  /** Something is missing: hang up and say hello again. */
  again(): void;
  open(): void;
  close(): void;
}

/** What the panel gives back. */
export interface Panel {
  heard(frame: ToPage): void;
  /** The line is lost. */
  lost(): void;
  /** What hello says about the conversation. */
  resume(): Pick<Hello, "conversation" | "have">;
  /** Shows or hides; with `focus` the visitor asked for it and goes on typing here. */
  show(on: boolean, focus: boolean): void;
  /** The page came into view or left it. */
  look(): void;
  /** In another tab of this site messages were seen, up to this number. */
  elsewhere(seen: { conversation: string; read: number }): void;
  /** A new visitor begins, with a panel of their own. */
  forget(): void;
}

export type StartPanel = (core: Core) => Promise<Panel>;
