/** What the tests of this folder share: a memory without a browser, and the hub's frames with what matters in them. */

import type { Said, Talk, Welcome } from "../wire/visitor.ts";
import type { Memory } from "./memory.ts";

export const ID = "a".repeat(32);
export const OTHER = "b".repeat(32);

export function forgetful(kept = new Map<string, string>()): Memory {
  return {
    get: (name) => kept.get(name) ?? null,
    set: (name, value) => void (value === null ? kept.delete(name) : kept.set(name, value)),
    names: (start) => [...kept.keys()].filter((name) => name.startsWith(start)),
  };
}

export const said = (seq: number, more: Partial<Said> = {}): Said => ({
  t: "said", conversation: ID, seq, author: "operator", text: `message ${seq}`, at: 1_700_000_000_000 + seq * 1_000, ...more,
});

export const talk = (more: Partial<Talk> = {}): Talk => ({ id: ID, status: "open", seq: 0, ...more });

export const welcome = (more: Partial<Welcome> = {}): Welcome => ({
  t: "welcome", site: { name: "Shop", accent: "#0b6e5f", language: "en" }, now: 0, beat: 10, ...more,
});

/** A repeatable random number in [0, 1) (mulberry32, T. Ettinger). */
export function dice(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const all = [...list];
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all;
}
