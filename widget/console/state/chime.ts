// Soft notes, made here: no file to load, nothing to download at the moment it matters. Each event has its own melody, so
// that one knows what it is without looking.
//
// Browsers let a page sound only after its first click or key; until then the bell is asleep and says so. However much
// happens, and in however many tabs, each melody is heard at most once in five seconds.

import { signal } from "@preact/signals";
import { isQuiet } from "./quiet";
import { recall, remember } from "./storage";

const PAUSE = 5_000;

export type Sound = "waiting" | "message" | "lingers" | "transferred" | "watched" | "mentioned";
export const SOUNDS: readonly Sound[] = ["waiting", "message", "lingers", "transferred", "watched", "mentioned"];

/**
 * Pitches in hertz: somebody waits rises in three, a message is one drop, lingering is two, a hand-over falls, somebody watched
 * is two as well, lower; a mention goes up and back.
 */
const MELODIES: Record<Sound, readonly number[]> = {
  waiting: [523.25, 659.25, 783.99],
  message: [880],
  lingers: [659.25, 987.77],
  transferred: [783.99, 587.33, 440],
  watched: [587.33, 880],
  mentioned: [880, 1108.73, 880],
};

export const muted = signal(recall<boolean>("muted") ?? false);
/** The browser will let us sound. */
export const awake = signal(false);

let sound: AudioContext | null = null;

export function setMuted(on: boolean): void {
  muted.value = on;
  remember("muted", on);
  if (!on) play("lingers");
}

/** Wakes the bell at the first click or key of this page; returns how to end it. */
export function startChime(): () => void {
  const events = ["pointerdown", "keydown"] as const;
  for (const name of events) addEventListener(name, wake, { capture: true });
  return () => events.forEach((name) => removeEventListener(name, wake, { capture: true }));
}

/** Every click and key tries, until the browser has agreed: some keys do not count, and a device may come late. */
function wake(): void {
  const Kind = globalThis.AudioContext;
  if (!Kind || sound?.state === "running") return;
  sound ??= new Kind();
  sound.onstatechange = () => (awake.value = sound?.state === "running");
  void sound.resume().then(() => (awake.value = sound?.state === "running"));
}

/** Whether enough time has passed; the last ring is shared by all tabs of this browser. */
export function mayRing(at: number, last: number | null): boolean {
  return last === null || at - last >= PAUSE || last > at;
}

/** Rings unless it is muted, asleep (another tab may be awake), not to be disturbed, or has rung just now. Tells whether. */
export function ring(at: number = Date.now(), melody: Sound = "lingers", urgency = 0): boolean {
  const key = melody === "lingers" ? "rung" : `rung.${melody}`;
  if (muted.peek() || !awake.peek() || isQuiet(at) || !mayRing(at, recall<number>(key))) return false;
  remember(key, at);
  play(melody, urgency);
  return true;
}

/** Plays it, whatever is set: for the test. False when the browser does not let us. Urgency 0 to 2 is louder, faster, twice. */
export function play(melody: Sound, urgency = 0): boolean {
  if (!sound || sound.state !== "running") return false;
  const { currentTime } = sound;
  const step = [0.16, 0.13, 0.1][urgency] ?? 0.1;
  const notes = urgency > 0 ? [...MELODIES[melody], ...MELODIES[melody]] : MELODIES[melody];
  notes.forEach((pitch, at) => note(sound!, pitch, currentTime + at * step, 0.11 + 0.07 * urgency));
  return true;
}

function note(context: AudioContext, pitch: number, from: number, loud: number): void {
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.type = "sine";
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(loud, from + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0005, from + 0.55);
  tone.connect(volume).connect(context.destination);
  tone.start(from);
  tone.stop(from + 0.6);
}
