/**
 * The shape of a station's service times. A law has mean 1 and multiplies the station's mean
 * service time, so that changing the law leaves the load as it is.
 */
import type { Stream } from "./random.ts";

export type ServiceLaw =
  | "constant"
  | "exponential"
  /** Hyperexponential with this squared coefficient of variation, from 1 on: heavy tails. */
  | { readonly squaredVariation: number }
  /**
   * Empirical: the quantiles of probability 0, 1/k, …, 1 in any unit, as measured; between two of
   * them the times are spread evenly. Only their ratios count: the mean is the station's.
   */
  | { readonly quantiles: readonly number[] };

/**
 * The factor of the service that (id, purpose) names. A purpose uses up the draws `2 * purpose` and
 * `2 * purpose + 1` of its stream.
 */
export type ServiceDraw = (id: number, purpose: number) => number;

/** Draws from a law; null for the constant one, which needs no draw. */
export function serviceDraw(law: ServiceLaw, stream: Stream): ServiceDraw | null {
  if (law === "constant") return null;
  if (law === "exponential") return (id, purpose) => stream.exponential(id, 2 * purpose);
  return "quantiles" in law
    ? empirical(law.quantiles, stream)
    : hyperexponential(law.squaredVariation, stream);
}

/** Two exponential branches with balanced means: each carries half of the work. */
function hyperexponential(squaredVariation: number, stream: Stream): ServiceDraw {
  const short = (1 + Math.sqrt((squaredVariation - 1) / (squaredVariation + 1))) / 2;
  return (id, purpose) => {
    const branch = stream.chance(id, short, 2 * purpose) ? short : 1 - short;
    return stream.exponential(id, 2 * purpose + 1) / (2 * branch);
  };
}

function empirical(quantiles: readonly number[], stream: Stream): ServiceDraw {
  const mean = empiricalMoments(quantiles).mean;
  const steps = quantiles.length - 1;
  return (id, purpose) => {
    const point = stream.uniform(id, 2 * purpose) * steps;
    const step = Math.floor(point);
    const [from, to] = [quantiles[step], quantiles[step + 1]];
    return (from + (to - from) * (point - step)) / mean;
  };
}

/** C² of a law: variance by squared mean. */
export function squaredVariation(law: ServiceLaw): number {
  if (law === "constant") return 0;
  if (law === "exponential") return 1;
  if ("squaredVariation" in law) return law.squaredVariation;
  const { mean, square } = empiricalMoments(law.quantiles);
  return square / (mean * mean) - 1;
}

/** First and second moment of the distribution that is even between its quantiles. */
function empiricalMoments(quantiles: readonly number[]): { mean: number; square: number } {
  let mean = 0;
  let square = 0;
  for (let step = 1; step < quantiles.length; step += 1) {
    const [from, to] = [quantiles[step - 1], quantiles[step]];
    mean += (from + to) / 2;
    square += (from * from + from * to + to * to) / 3;
  }
  const steps = quantiles.length - 1;
  return { mean: mean / steps, square: square / steps };
}
