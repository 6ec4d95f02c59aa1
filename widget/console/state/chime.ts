// Two soft notes, made here: no file to load, nothing to download at the moment it matters.
//
// Browsers let a page sound only after its first click or key; until then the bell is asleep and says so. However much
// happens, and in however many tabs, it rings at most once in five seconds.

import { signal } from "@preact/signals";
import { recall, remember } from "./storage";

const PAUSE = 5_000;
const NOTES = [659.25, 987.77] as const;

export const muted = signal(recall<boolean>("muted") ?? false);
/** The browser will let us sound. */
export const awake = signal(false);

let sound: AudioContext | null = null;

export function setMuted(on: boolean): void {
  muted.value = on;
  remember("muted", on);
  if (!on) play();
}

/** Wakes the bell at the first click or key of this page; returns how to end it. */
export function startChime(): () => void {
  const wake = () => {
    const Kind = globalThis.AudioContext;
    if (!Kind) return;
    sound ??= new Kind();
    void sound.resume().then(() => (awake.value = sound?.state === "running"));
  };
  const events = ["pointerdown", "keydown"] as const;
  for (const name of events) addEventListener(name, wake, { capture: true, once: true });
  return () => events.forEach((name) => removeEventListener(name, wake, { capture: true }));
}

/** Whether enough time has passed; the last ring is shared by all tabs of this browser. */
export function mayRing(at: number, last: number | null): boolean {
  return last === null || at - last >= PAUSE || last > at;
}

/** Rings unless it is muted or asleep (another tab may be awake), or has rung just now. Tells whether. */
export function ring(at: number = Date.now()): boolean {
  if (muted.peek() || !awake.peek() || !mayRing(at, recall<number>("rung"))) return false;
  remember("rung", at);
  play();
  return true;
}

function play(): void {
  if (!sound || sound.state !== "running") return;
  NOTES.forEach((pitch, at) => note(sound!, pitch, sound!.currentTime + at * 0.16));
}

function note(context: AudioContext, pitch: number, from: number): void {
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.type = "sine";
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(0.11, from + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0005, from + 0.55);
  tone.connect(volume).connect(context.destination);
  tone.start(from);
  tone.stop(from + 0.6);
}
