// How long to wait before trying again: full jitter, so that a hub that restarts is not met by every tab at once.
//
// https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ ("full jitter").

const FIRST = 500;
const LONGEST = 30_000;

/** Milliseconds before attempt `attempt` (0 is the first retry), uniformly between 0 and the doubled ceiling. */
export function pause(attempt: number, random: () => number = Math.random): number {
  return Math.round(random() * Math.min(LONGEST, FIRST * 2 ** Math.min(attempt, 16)));
}
