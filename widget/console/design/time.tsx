// Times as people say them, with the exact one on hover, and spans that count without changing their width.

import { now } from "../state/clock";
import { t } from "../text";

const MINUTE = 60;
const HOUR = 3600;
const exactly = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const hours = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const short = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const withYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

/** Seconds as `0:41`, `12:03`, then `1 h 05`, then `3 d`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)}:${String(whole % MINUTE).padStart(2, "0")}`;
  if (whole < 48 * HOUR) return `${Math.floor(whole / HOUR)} h ${String(Math.floor((whole % HOUR) / MINUTE)).padStart(2, "0")}`;
  return `${Math.floor(whole / (24 * HOUR))} d`;
}

const startOfDay = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

/** Whole days between two moments by the wall calendar. */
function daysApart(earlier: number, later: number): number {
  return Math.round((startOfDay(later) - startOfDay(earlier)) / 86_400_000);
}

/** "now", "4 min", "14:02", "yesterday", "3 Nov". */
export function relative(at: number, today: number): string {
  const seconds = (today - at) / 1000;
  if (seconds < 45) return t("time.now");
  if (seconds < HOUR) return t("time.minutes", { minutes: Math.max(1, Math.round(seconds / MINUTE)) });
  const days = daysApart(at, today);
  if (days === 0) return hours.format(at);
  if (days === 1) return t("time.yesterday");
  return new Date(at).getFullYear() === new Date(today).getFullYear() ? short.format(at) : withYear.format(at);
}

/** The name of a day above its messages. */
export function dayName(at: number, today: number): string {
  const days = daysApart(at, today);
  return days === 0 ? t("time.today") : days === 1 ? t("time.yesterday.day") : weekday.format(at);
}

export const clockTime = (at: number): string => hours.format(at);
export const exact = (at: number): string => exactly.format(at);
export const sameDay = (a: number, b: number): boolean => startOfDay(a) === startOfDay(b);

/** A moment; renewed as it recedes. */
export function Time({ at, clock = false }: { at: number; clock?: boolean }) {
  return (
    <time class="figures" dateTime={new Date(at).toISOString()} data-tip={exact(at)}>
      {clock ? clockTime(at) : relative(at, now.value)}
    </time>
  );
}

/** Seconds that grow: what had passed before, and since when it runs on. */
export function Counting({ before = 0, since, running = true }: { before?: number; since: number; running?: boolean }) {
  return <span class="figures">{duration(before + (running ? Math.max(0, now.value - since) / 1000 : 0))}</span>;
}
