// How long to wait before trying again: full jitter, so that a hub that restarts is not met by every tab at once.
//
// https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ ("full jitter").

const FIRST = 500;
const LONGEST = 30_000;

/** The hub asked for room: restarting (2 s, for operators are few and customers wait), or too busy (8 s). As if so many tries had failed. */
const PATIENT: Record<number, number> = { 1012: 2, 1013: 4 };

/** Milliseconds before attempt `attempt` (0 is the first retry), uniformly between 0 and the doubled ceiling. `code`: how the line ended. */
export function pause(attempt: number, random: () => number = Math.random, code = 1006): number {
  const step = Math.max(Math.min(attempt, 16), PATIENT[code] ?? 0);
  return Math.round(random() * Math.min(LONGEST, FIRST * 2 ** step));
}
