// Times as people say them, with the exact one on hover, and spans that count without changing their width.

import { written } from "../language";
import { daysApart, yearOf } from "../state/calendar";
import { now } from "../state/clock";
import { t } from "../text";

const MINUTE = 60;
const HOUR = 3600;
const exactly = written((locale, timeZone) => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium", timeZone }));
const hours = written((locale, timeZone) => new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", timeZone }));
const short = written((locale, timeZone) => new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone }));
const withYear = written((locale, timeZone) => new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone }));
const weekday = written((locale, timeZone) => new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", timeZone }));

/** Seconds as `0:41`, `12:03`, then `1 h 05`, then `3 d`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = String(Math.floor(whole / MINUTE) % 60).padStart(2, "0");
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)}:${String(whole % MINUTE).padStart(2, "0")}`;
  if (whole < 48 * HOUR) return t("span.hours", { hours: Math.floor(whole / HOUR), minutes });
  return t("span.days", { days: Math.floor(whole / (24 * HOUR)) });
}

/** "now", "4 min", "14:02", "yesterday", "3 Nov". */
export function relative(at: number, today: number): string {
  const seconds = (today - at) / 1000;
  if (seconds < 45) return t("time.now");
  if (seconds < HOUR) return t("time.minutes", { minutes: Math.max(1, Math.round(seconds / MINUTE)) });
  const days = daysApart(at, today);
  if (days === 0) return hours.value.format(at);
  if (days === 1) return t("time.yesterday");
  return (yearOf(at) === yearOf(today) ? short : withYear).value.format(at);
}

/** The name of a day above its messages. */
export function dayName(at: number, today: number): string {
  const days = daysApart(at, today);
  return days === 0 ? t("time.today") : days === 1 ? t("time.yesterday.day") : weekday.value.format(at);
}

export const clockTime = (at: number): string => hours.value.format(at);
export const exact = (at: number): string => exactly.value.format(at);
export const sameDay = (a: number, b: number): boolean => daysApart(a, b) === 0;

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
