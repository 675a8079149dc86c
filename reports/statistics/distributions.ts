/** Normal and Student's t distribution: probabilities, and quantiles by bisection of them. */
import { erfc, incompleteBeta } from "./special-functions.ts";

export function normalDensity(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** P(Z ≤ z). */
export function normalProbability(z: number): number {
  return erfc(-z / Math.SQRT2) / 2;
}

/** The z below which a share `p` of a standard normal lies. */
export function normalQuantile(p: number): number {
  return bisect(normalProbability, p);
}

/** P(T ≤ t) for Student's t with that many degrees of freedom (Abramowitz and Stegun 26.7.1). */
export function studentProbability(t: number, degreesOfFreedom: number): number {
  const x = degreesOfFreedom / (degreesOfFreedom + t * t);
  const tail = incompleteBeta(x, degreesOfFreedom / 2, 0.5) / 2;
  return t < 0 ? tail : 1 - tail;
}

/** The t below which a share `p` of Student's t lies. */
export function studentQuantile(p: number, degreesOfFreedom: number): number {
  return bisect((t) => studentProbability(t, degreesOfFreedom), p);
}

/** The point at which a rising function reaches `p`, 0 < p < 1. */
function bisect(probability: (x: number) => number, p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`a quantile needs 0 < p < 1, got ${p}`);
  let bound = 1;
  while (probability(bound) < p || probability(-bound) > p) bound *= 2;
  let low = -bound;
  let high = bound;
  while (high - low > 1e-13 * bound) {
    const middle = (low + high) / 2;
    if (probability(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
