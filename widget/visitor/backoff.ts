/**
 * How long to wait before the next try to reach the hub.
 *
 * Full jitter (M. Brooker, "Exponential Backoff And Jitter", AWS 2015): a uniformly random share of a bound that
 * doubles with every failure. When a hub restarts, all pages of all shops lose their sockets in the same instant;
 * anything less random would bring them all back in the same instant too.
 */

const BASE = 500;
const CAP = 30_000;

/** After these the hub has said that asking again is no use: not allowed, and unknown site. */
const FINAL = [1008, 4404];

/** The hub asked for room (restarting, too busy): start as if this many tries had failed already (8 s at most). */
const PATIENT: Record<number, number> = { 1012: 4, 1013: 4, 4400: 6 };

/**
 * Milliseconds to wait after the `failures`-th failure in a row (0 for the first), or null for "never again".
 *
 * `code` is the close code of the socket, `random` a number in [0, 1).
 */
export function pause(code: number, failures: number, random: number): number | null {
  if (FINAL.includes(code)) return null;
  const step = Math.max(failures, PATIENT[code] ?? 0);
  return Math.floor(random * Math.min(CAP, BASE * 2 ** step));
}
