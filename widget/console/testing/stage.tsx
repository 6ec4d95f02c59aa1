// The whole console on a stage of its own: opened against the fake hub, driven by keys and clicks, and cleared away.

import { render } from "preact";
import { afterEach, beforeEach, vi } from "vitest";
import { session } from "../state/session";
import { toasts } from "../state/toasts";
import { App } from "../views/app";
import { Fake, type Setting } from "./fake";

let root: HTMLElement;

export const all = <E extends HTMLElement = HTMLElement>(selector: string): E[] => [...root.querySelectorAll<E>(selector)];
export const text = (selector: string) => all(selector).map((one) => one.textContent);
export const find = <E extends HTMLElement = HTMLElement>(selector: string) => root.querySelector<E>(selector)!;

export async function open(setting: Setting): Promise<Fake> {
  const fake = new Fake(setting).install();
  render(<App />, root);
  await settle();
  return fake;
}

export async function settle(): Promise<void> {
  for (let round = 0; round < 6; round++) await new Promise((done) => setTimeout(done, 2));
}

export function write(selector: string, value: string): void {
  const field = find<HTMLInputElement>(selector);
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

export async function press(key: string, target: EventTarget = document.body): Promise<void> {
  target.dispatchEvent(new KeyboardEvent("keydown", { key, code: /\d/.test(key) ? `Digit${key}` : "", bubbles: true, cancelable: true }));
  await settle();
}

/** Call at the top of a test file: a clean stage before each test, and nothing left of it after. */
export function stage(): void {
  beforeEach(() => {
    localStorage.clear();
    sessionStorage.clear();
    history.replaceState(null, "", "#");
    vi.stubGlobal("innerWidth", 1440);
    vi.stubGlobal("ResizeObserver", class { observe() {} disconnect() {} });
    root = document.body.appendChild(document.createElement("div"));
  });
  afterEach(() => {
    render(null, root);
    root.remove();
    if (session.value.is === "in") session.value.hub.close();
    toasts.value = [];
  });
}
