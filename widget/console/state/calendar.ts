// The wall calendar of the zone that times are told in: which day a moment falls on there, and when that day ends.

import { written } from "../language";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const parts = written((_, timeZone) =>
  new Intl.DateTimeFormat("en-US", { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric", hourCycle: "h23", timeZone }));

/** What a clock on the wall shows then, as if it were UTC; milliseconds since the epoch. */
function wall(at: number): number {
  const [month, day, year, hour, minute, second] = parts.value.format(at).match(/\d+/g)!.map(Number);
  return Date.UTC(year!, month! - 1, day, hour, minute, second);
}

/** Whole days between two moments by the wall calendar. */
export const daysApart = (earlier: number, later: number): number => Math.floor(wall(later) / DAY) - Math.floor(wall(earlier) / DAY);

export const yearOf = (at: number): number => new Date(wall(at)).getUTCFullYear();

/** The next midnight there. Where the clocks change in between, the day has more or fewer hours. */
export function endOfDay(at: number): number {
  const midnight = (Math.floor(wall(at) / DAY) + 1) * DAY;
  const guess = at + midnight - wall(at);
  return Math.round((guess + midnight - wall(guess)) / 1000) * 1000;
}
