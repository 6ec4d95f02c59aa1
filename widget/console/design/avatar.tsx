// A face: initials on a tint of its own, or a silhouette for somebody without a name, and the ring of their wait.
//
// The ring fills over the target time and warms from neutral over amber to red. Colour is never alone: `Wait` shows the
// seconds beside it.

import { signal } from "@preact/signals";
import { now } from "../state/clock";
import { targetOf, warmth, type Warmth } from "../state/waits";
import { t } from "../text";
import { Icon } from "./icons";
import { duration } from "./time";

const RADIUS = 14.5;
const ROUND = 2 * Math.PI * RADIUS;

/** A stable hue per person, out of twelve that stand apart. */
function hue(seed: string): number {
  let sum = 7;
  for (let at = 0; at < seed.length; at++) sum = (sum * 31 + seed.charCodeAt(at)) >>> 0;
  return (sum % 12) * 30;
}

/** Up to two letters; whole characters, so that an emoji or a surrogate pair is not cut in two. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => (word ? Array.from(word)[0] : ""));
  return letters.join("").toLocaleUpperCase();
}

/** Addresses of operators' pictures, by who it is. */
export const faces = signal<ReadonlyMap<string, string>>(new Map());

interface Props {
  name: string;
  seed: string;
  size?: "small" | "big" | "";
  /** When their oldest unanswered word came (milliseconds), for the ring. */
  since?: number | null;
  /** Whose site says after how long that is late. */
  site?: string | undefined;
  presence?: string;
}

export function Avatar({ name, seed, size = "", since = null, site, presence }: Props) {
  const picture = faces.value.get(seed);
  return (
    <span class={`avatar ${size}${name ? "" : " nameless"}`} aria-hidden="true" style={{ "--hue": hue(seed) }}>
      {since !== null && <Ring since={since} site={site} />}
      <span class="face">{name ? initials(name) : <Icon name="person" />}{picture && <img src={picture} alt="" />}</span>
      {presence && <i class={`presence ${presence}`} />}
    </span>
  );
}

function Ring({ since, site }: { since: number; site: string | undefined }) {
  const target = targetOf(site);
  const seconds = Math.max(0, (now.value - since) / 1000);
  const left = ROUND * (1 - Math.min(1, seconds / target));
  return (
    <svg class={`ring wait-${warmth(seconds, target)}`} viewBox="0 0 32 32">
      <circle class="track" cx="16" cy="16" r={RADIUS} />
      <circle class="fill" cx="16" cy="16" r={RADIUS} stroke-dasharray={ROUND} stroke-dashoffset={left} />
    </svg>
  );
}

/** The seconds of a wait in tabular figures, warm as the ring. */
export function Wait({ since, site }: { since: number; site?: string | undefined }) {
  const seconds = Math.max(0, Math.floor((now.value - since) / 1000));
  const warm: Warmth = warmth(seconds, targetOf(site));
  return (
    <span class={`wait wait-${warm}`} data-tip={t("wait.tip")}>
      <span class="unseen">{t("wait.label")} </span>
      {duration(seconds)}
    </span>
  );
}
