// Every key of the console in one table: what is bound, what tooltips show and what the sheet lists cannot differ.
//
// Plain keys are for the desk, never while typing or in a dialog; the few with Alt work everywhere.

import { useEffect, useRef } from "preact/hooks";

export const KEYS = {
  "area.desk": "g i",
  "area.visitors": "g v",
  "area.replies": "g r",
  "area.pairs": "g p",
  "area.health": "g h",
  "area.team": "g t",
  "area.settings": "g s",
  "desk.find": "/",
  "desk.longest": "j",
  "desk.next": "u",
  "desk.order": "y",
  "desk.pane": "1 – 4",
  "desk.away": "w",
  "desk.pin": "p",
  "desk.panel": "c",
  "talk.take": "t",
  "talk.transfer": "m",
  "talk.close": "x",
  "talk.reopen": "r",
  "talk.block": "b",
  "talk.note": "n",
  "talk.write": "e",
  "talk.attach": "a",
  "talk.push": "o",
  "talk.canned": "/",
  "talk.tags": "l",
  "talk.find": "f",
  "floor.find": "/",
  "floor.invite": "i",
  "floor.view": "v",
  "floor.watch": "f",
  "floor.wide": "d",
  "replies.find": "/",
  "replies.add": "n",
  "pairs.same": "y",
  "pairs.two": "n",
  "pairs.unsure": "u",
  "pairs.skip": "p",
  "pairs.undo": "z",
  "pairs.shelf": "m",
  "pairs.table": "v",
  "all.command": "ctrl k",
  "all.seen": "k",
  "all.sound": "s",
  "all.undo": "z",
  "all.sheet": "?",
} as const;

export type KeyName = keyof typeof KEYS;

type Run = (event: KeyboardEvent) => void;
interface Bound {
  /** What of the table it is: several share a key, each in its own view. */
  readonly name: string;
  readonly run: Run;
  readonly on: () => boolean;
}
const bound = new Map<string, Bound[]>();
let first = "";
let firstAt = 0;

/** Plain letters and digits mean text here. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit"].includes(target.type);
}

const inPane = (target: EventTarget | null): boolean => target instanceof Element && target.closest(".pane") !== null && !target.closest(".find-in, dialog");

function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const digit = /^Digit([1-4])$/.exec(event.code)?.[1];
  if (digit && event.altKey && !event.ctrlKey && !event.metaKey) return call(digit, event);
  const jump = event.code === "KeyJ" ? "j" : event.code === "KeyU" ? "u" : "";
  if (jump && event.altKey && !event.ctrlKey && !event.metaKey && !document.querySelector("dialog[open]")) return call(jump, event);
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k")
    return document.querySelector("dialog[open]") ? undefined : call(KEYS["all.command"], event);
  // In a pane it searches the conversation; in the field of that search it is the browser's own again.
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "f" && inPane(event.target)) return call(KEYS["talk.find"], event);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const combined = Date.now() - firstAt < 1000 ? `${first} ${key}` : key;
  first = key;
  firstAt = Date.now();
  call(bound.has(combined) ? combined : key, event);
}

/** Whether a key of the table would do something now. */
export const isBound = (name: KeyName): boolean => last(name) !== undefined;

/** Does what the key would do. */
export const runKey = (name: KeyName): void => last(name)?.run(new KeyboardEvent("keydown", { cancelable: true }));

const last = (name: KeyName): Bound | undefined => bound.get(KEYS[name])?.findLast((one) => one.name === name && one.on());

/** The view that bound a key last has it: the innermost. */
function call(key: string, event: KeyboardEvent): void {
  const last = bound.get(key)?.findLast((one) => one.on());
  if (!last) return;
  event.preventDefault();
  last.run(event);
}

/** Starts listening; returns how to end it. */
export function startKeys(): () => void {
  addEventListener("keydown", pressed);
  return () => removeEventListener("keydown", pressed);
}

export function bind(key: string, run: Run, on = () => true, name = key): () => void {
  const all = bound.get(key) ?? [];
  const one = { name, run, on };
  all.push(one);
  bound.set(key, all);
  return () => {
    all.splice(all.indexOf(one), 1);
    if (!all.length) bound.delete(key);
  };
}

/**
 * Binds a key of the table (or `1` … `4`) while the view is there and `on`. A function is asked when the key is pressed:
 * what lies under the operator's eye may have changed since the last drawing, and a key must never hit its neighbour.
 */
export function useKey(name: KeyName | "1" | "2" | "3" | "4", run: Run, on: boolean | (() => boolean) = true): void {
  const latest = useRef({ run, on });
  latest.current = { run, on };
  const key = name in KEYS ? KEYS[name as KeyName] : name;
  const never = on === false;
  useEffect(() => {
    if (never) return;
    const asked = () => (typeof latest.current.on === "function" ? latest.current.on() : latest.current.on);
    return bind(key, (event) => latest.current.run(event), asked, name);
  }, [key, name, never]);
}
