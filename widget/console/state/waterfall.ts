// The score of a suggestion as a waterfall: from what was thought before anything was compared, each field carries the sum
// on, up or down, to the total. In bits: one bit more means twice as likely. Pure.

import type { Suggestion, SuggestionStep } from "../../wire/suggestions";

export interface Bar {
  readonly kind: "prior" | "step" | "total";
  readonly step?: SuggestionStep;
  /** What this row adds; of the first and the last row the sum itself. */
  readonly bits: number;
  readonly from: number;
  readonly to: number;
}

export interface Waterfall {
  readonly bars: readonly Bar[];
  readonly low: number;
  readonly high: number;
}

/** Log2 odds of a probability. */
export const bitsOf = (probability: number): number => Math.log2(probability / (1 - probability));
/** Even odds, and what a pair needs to be called likely. */
export const MARKS = [0.5, 0.95] as const;

/** The last bar is the sum of the others: what rounding left over is not shown as evidence. */
export function waterfall({ prior, bits, steps }: Pick<Suggestion, "prior" | "bits" | "steps">): Waterfall {
  const bars: Bar[] = [{ kind: "prior", bits: prior, from: 0, to: prior }];
  let sum = prior;
  for (const step of steps) bars.push({ kind: "step", step, bits: step.bits, from: sum, to: (sum += step.bits) });
  bars.push({ kind: "total", bits, from: 0, to: bits });
  const ends = bars.flatMap((bar) => [bar.from, bar.to]).concat(MARKS.map(bitsOf));
  return { bars, low: Math.min(...ends), high: Math.max(...ends) };
}

/** Where a value lies between the lowest and the highest, 0 to 100. */
export function place({ low, high }: Waterfall, value: number): number {
  return high > low ? ((value - low) / (high - low)) * 100 : 0;
}
