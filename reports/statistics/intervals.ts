/**
 * What samples say about a mean and a probability. One sample is one independent run (one seed):
 * latencies within a run depend on each other and are no samples here.
 */
import { normalQuantile, studentQuantile } from "./distributions.ts";

export interface MeanEstimate {
  readonly mean: number;
  /** Sample standard deviation; 0 for a single sample. */
  readonly deviation: number;
  readonly count: number;
  /** Of the mean's confidence interval (Student's t); Infinity for a single sample. */
  readonly halfWidth: number;
}

export function estimateMean(samples: readonly number[], confidence = 0.95): MeanEstimate {
  const count = samples.length;
  if (count === 0) throw new RangeError("a mean needs at least one sample");
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / count;
  if (count === 1) return { mean, deviation: 0, count, halfWidth: Infinity };
  const squares = samples.reduce((sum, sample) => sum + (sample - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (count - 1));
  const halfWidth = (studentFactor(confidence, count) * deviation) / Math.sqrt(count);
  return { mean, deviation, count, halfWidth };
}

/** Half-width of the interval in which the *next* sample will lie: x̄ ± t·s·√(1 + 1/n). */
export function nextHalfWidth(estimate: MeanEstimate, confidence = 0.95): number {
  const { count, deviation } = estimate;
  if (count === 1) return Infinity;
  return studentFactor(confidence, count) * deviation * Math.sqrt(1 + 1 / count);
}

/** A report asks thousands of times for the factors of a few counts. */
const studentFactors = new Map<string, number>();

function studentFactor(confidence: number, count: number): number {
  const key = `${confidence} ${count}`;
  let factor = studentFactors.get(key);
  if (factor === undefined) {
    factor = studentQuantile((1 + confidence) / 2, count - 1);
    studentFactors.set(key, factor);
  }
  return factor;
}

export interface Interval {
  readonly least: number;
  readonly most: number;
}

/** Wilson's score interval for a probability (Wilson 1927): sound near 0 and 1, unlike p ± z·s. */
export function wilsonInterval(successes: number, trials: number, confidence = 0.95): Interval {
  if (trials === 0) return { least: 0, most: 1 };
  const z = normalQuantile((1 + confidence) / 2);
  const share = successes / trials;
  const weight = 1 + (z * z) / trials;
  const centre = (share + (z * z) / (2 * trials)) / weight;
  const reach =
    (z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials))) / weight;
  // At the ends the two terms are equal but for rounding.
  return {
    least: successes === 0 ? 0 : centre - reach,
    most: successes === trials ? 1 : centre + reach,
  };
}

/** "Nothing in n trials": with 95 % confidence the probability is below 3/n (the rule of three). */
export function noneSeenBound(trials: number): number {
  return trials === 0 ? 1 : Math.min(1, 3 / trials);
}

/** How many runs must pass, all of them, to claim "at least `share` of runs pass". */
export function passesNeeded(share: number, confidence = 0.95): number {
  return Math.ceil(Math.log(1 - confidence) / Math.log(share));
}
