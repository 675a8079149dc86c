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
  /** No p value of so few values lies below this one. */
  readonly leastP: number;
  readonly pairs: number;
}

/** Paired t test, with `pairedLeastP` as its floor. */
export function pairedDifference(a: readonly number[], b: readonly number[]): Difference {
  if (a.length !== b.length || a.length === 0) throw new RangeError("pairs need partners");
  const { mean, deviation, count, halfWidth } = estimateMean(b.map((value, i) => value - a[i]));
  const leastP = pairedLeastP(count);
  const p = pValue(mean, deviation / Math.sqrt(count), count - 1, leastP);
  return { mean, halfWidth, p, leastP, pairs: count };
}

/** Welch's t test, for samples that share no seeds, with `unpairedLeastP` as its floor. */
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
  const leastP = unpairedLeastP(left.count, right.count);
  const p = pValue(mean, error, degrees, leastP);
  return { mean, halfWidth: 2 * error, p, leastP, pairs: 0 };
}

/**
 * The smallest two-sided p value that n pairs allow without assumptions: that of the sign-flip
 * permutation test (Fisher 1935, The Design of Experiments, section 21), 2 of 2^n choices of signs.
 *
 * A t test alone knows no such bound. It takes the spread from the values, and few values that are
 * whole numbers, or bins, often agree by chance: 4, 4 against 5, 5 has no spread, and t no end.
 */
function pairedLeastP(pairs: number): number {
  return 2 ** (1 - pairs);
}

/**
 * The same for samples of n and m values: 2 of the C(n + m, n) ways to divide them (Pitman 1937,
 * Significance tests which may be applied to samples from any populations). At most 1.
 */
function unpairedLeastP(n: number, m: number): number {
  let ways = 1;
  for (let i = 1; i <= n; i += 1) ways = (ways * (m + i)) / i;
  return 2 / ways;
}

/**
 * Sales, of each side, without which none of so many comparisons is below the level after Holm's
 * correction, however large the differences.
 */
export function salesNeeded(comparisons: number, level: number, paired: boolean): number {
  const leastP = (sales: number): number =>
    paired ? pairedLeastP(sales) : unpairedLeastP(sales, sales);
  let sales = 2;
  while (comparisons * leastP(sales) >= level) sales += 1;
  return sales;
}

function pValue(mean: number, error: number, degrees: number, leastP: number): number {
  if (mean === 0) return 1;
  if (error === 0) return leastP;
  return Math.max(leastP, 2 * (1 - studentProbability(Math.abs(mean) / error, degrees)));
}
