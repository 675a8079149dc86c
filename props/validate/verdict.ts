/**
 * The three-valued rule. Absence of a significant difference proves nothing when the estimate is
 * vague: then the answer is INCONCLUSIVE, and the remedy more replications.
 */
import { studentQuantile } from "../../reports/statistics/distributions.ts";
import { estimateMean } from "../../reports/statistics/intervals.ts";

export type Verdict = "PASS" | "FAIL" | "INCONCLUSIVE";

/** What is expected, and how sharply it is to be tested. */
export interface Expectation {
  /** The closed form's value. */
  readonly formula: number;
  /** Largest half-width (95 %) of the estimate, as a share of the formula's value. */
  readonly precision: number;
  /** For formulas that are approximations: how far off they may be, as a share of their value. */
  readonly tolerance: number;
  /** For quantiles: the samples are compared by their logarithms. */
  readonly logarithmic: boolean;
}

export interface Comparison {
  readonly verdict: Verdict;
  readonly estimate: number;
  readonly halfWidth: number;
  /** Distance from the formula's value (from the edge of its tolerance), in standard errors. */
  readonly t: number;
}

/** Level of the two-sided test: one true formula in a hundred is rejected. */
const T_PROBABILITY = 0.995;

/** Compares independent replications, at least two, with a closed form. */
export function compare(samples: readonly number[], expected: Expectation): Comparison {
  const { formula, precision, tolerance, logarithmic } = expected;
  const values = logarithmic ? samples.map(Math.log) : samples;
  const target = logarithmic ? Math.log(formula) : formula;
  const { mean, deviation, count, halfWidth } = estimateMean(values);
  const off = mean - target;
  // A logarithm's differences are shares of the value already.
  const scale = logarithmic ? 1 : Math.abs(formula);
  const beyond = Math.sign(off) * Math.max(0, Math.abs(off) - tolerance * scale);
  const t = beyond === 0 ? 0 : beyond / (deviation / Math.sqrt(count));
  const estimate = logarithmic ? Math.exp(mean) : mean;
  return {
    verdict: verdictOf(t, count, halfWidth, precision * scale),
    estimate,
    halfWidth: logarithmic ? halfWidth * estimate : halfWidth,
    t,
  };
}

function verdictOf(t: number, count: number, halfWidth: number, halfWidthMax: number): Verdict {
  if (Math.abs(t) > studentQuantile(T_PROBABILITY, count - 1)) return "FAIL";
  return halfWidth <= halfWidthMax ? "PASS" : "INCONCLUSIVE";
}
