/** Comparisons of two systems on the same seeds (common random numbers), or on different ones. */
import { studentProbability } from "./distributions.ts";
import { estimateMean } from "./intervals.ts";

export interface Difference {
  /** Mean of b - a. */
  readonly mean: number;
  /** Half-width of its 95 % confidence interval. Infinity for a single pair. */
  readonly halfWidth: number;
  /** Two-sided p value of "there is no difference". */
  readonly p: number;
  readonly pairs: number;
}

/** Paired t test. Differences that are all the same and not 0 are no chance: p = 0. */
export function pairedDifference(a: readonly number[], b: readonly number[]): Difference {
  if (a.length !== b.length || a.length === 0) throw new RangeError("pairs need partners");
  const { mean, deviation, count, halfWidth } = estimateMean(b.map((value, i) => value - a[i]));
  return {
    mean,
    halfWidth,
    p: pValue(mean, deviation / Math.sqrt(count), count - 1),
    pairs: count,
  };
}

/** Welch's t test, for samples that share no seeds. */
export function unpairedDifference(a: readonly number[], b: readonly number[]): Difference {
  const left = estimateMean(a);
  const right = estimateMean(b);
  const partA = left.deviation ** 2 / left.count;
  const partB = right.deviation ** 2 / right.count;
  const error = Math.sqrt(partA + partB);
  const degrees =
    error === 0
      ? left.count + right.count - 2
      : (partA + partB) ** 2 /
        (partA ** 2 / Math.max(1, left.count - 1) + partB ** 2 / Math.max(1, right.count - 1));
  const mean = right.mean - left.mean;
  return { mean, halfWidth: 2 * error, p: pValue(mean, error, degrees), pairs: 0 };
}

function pValue(mean: number, error: number, degrees: number): number {
  if (mean === 0) return 1;
  if (degrees < 1) return 1;
  if (error === 0) return 0;
  return 2 * (1 - studentProbability(Math.abs(mean) / error, degrees));
}
