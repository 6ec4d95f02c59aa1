/**
 * Seconds of attention: how long a page was really looked at.
 *
 * A second counts when the page is visible and the visitor moved, typed, touched or scrolled within the last 30
 * seconds (reading a paragraph takes about that long; a page left open behind a coffee does not count). Input only
 * stores a time, so a flood of pointer events costs nothing; sums are made when somebody asks.
 */

/** Milliseconds after the last input during which the visitor still counts as reading. */
export const IDLE = 30_000;

export interface Attention {
  /** The visitor did something. */
  input(now: number): void;
  /** The page came into view or left it. Coming into view counts as input. */
  visible(now: number, on: boolean): void;
  /** Seconds of attention since the start, with one decimal; a day at most. */
  seconds(now: number): number;
  /** Another page begins, with nothing. */
  restart(now: number): void;
}

/** Starts counting at `now` (milliseconds of any steady clock). */
export function attention(now: number, visible: boolean): Attention {
  let total = 0;
  let counted = now; // everything before this moment is in `total`
  let lastInput = now;
  const settle = (at: number) => {
    if (visible) total += Math.max(0, Math.min(at, lastInput + IDLE) - counted);
    counted = at;
  };
  const input = (at: number) => {
    if (at - lastInput > 1_000) settle(at), (lastInput = at);
  };
  return {
    input,
    visible(at, on) {
      settle(at);
      visible = on;
      if (on) lastInput = at;
    },
    seconds(at) {
      settle(at);
      return Math.min(Math.round(total / 100) / 10, 86_400);
    },
    restart(at) {
      settle(at);
      total = 0;
    },
  };
}
