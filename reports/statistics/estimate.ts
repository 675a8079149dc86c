/** One measure over independent sales: where its mean lies, and where the next sale's value will. */
import { estimateMean, nextHalfWidth } from "./intervals.ts";

/** All in the measure's own unit. Null: not to be had from so few values. */
export interface Estimate {
  readonly count: number;
  /** Sales that gave no value. */
  readonly missing: number;
  readonly mean: number | null;
  /** The mean's 95 % confidence interval. */
  readonly low: number | null;
  readonly high: number | null;
  /** Bounds within which the next sale's value lies, 95 % sure. */
  readonly nextLow: number | null;
  readonly nextHigh: number | null;
  readonly least: number | null;
  readonly most: number | null;
}

/**
 * @param logarithmic for quantiles of latency: the interval is one of the logarithms, and the mean
 * is the geometric one
 */
export function estimate(values: readonly (number | null)[], logarithmic = false): Estimate {
  const present = values.filter((value) => value !== null);
  const count = present.length;
  const missing = values.length - count;
  if (count === 0)
    return {
      count,
      missing,
      mean: null,
      low: null,
      high: null,
      nextLow: null,
      nextHigh: null,
      least: null,
      most: null,
    };
  const logs = logarithmic && present.every((value) => value > 0);
  const back = (value: number): number => (logs ? Math.exp(value) : value);
  const mean = estimateMean(logs ? present.map(Math.log) : present);
  // No measure of a sale is negative.
  const floor = (value: number): number => (logs ? value : Math.max(0, value));
  const spread = count === 1 ? null : { mean: mean.halfWidth, next: nextHalfWidth(mean) };
  return {
    count,
    missing,
    mean: back(mean.mean),
    low: spread === null ? null : back(floor(mean.mean - spread.mean)),
    high: spread === null ? null : back(mean.mean + spread.mean),
    nextLow: spread === null ? null : back(floor(mean.mean - spread.next)),
    nextHigh: spread === null ? null : back(mean.mean + spread.next),
    least: present.reduce((a, b) => Math.min(a, b)),
    most: present.reduce((a, b) => Math.max(a, b)),
  };
}

/** Half of the confidence interval's width as a share of the mean; Infinity for too few values. */
export function relativeHalfWidth({ mean, low, high }: Estimate): number {
  if (mean === null || low === null || high === null) return Infinity;
  if (high === low) return 0;
  return mean === 0 ? Infinity : (high - low) / 2 / mean;
}
