/** What a series of requests went through, and the measures that are predicted and compared. */
import type { Prediction } from "./file.ts";

/** Requests in the order of their arrival; all times in milliseconds on one clock. */
export interface Sample {
  /** When each should have been sent. */
  readonly dueMs: readonly number[];
  readonly sentMs: readonly number[];
  /** When its answer was complete. */
  readonly endMs: readonly number[];
}

export type Measures = Prediction["measures"];

/** A quantile needs ten values beyond it. */
const BEYOND = 10;

export function measuresOf(sample: Sample, busyUs: number): Measures {
  const { dueMs, endMs } = sample;
  const responses = responsesMs(sample).toSorted((a, b) => a - b);
  const lastMs = endMs.reduce((last, end) => Math.max(last, end));
  const lengthMs = lastMs - dueMs[0];
  return {
    meanMs: mean(responses),
    p50Ms: quantile(responses, 0.5),
    p99Ms: hasP99(responses.length) ? quantile(responses, 0.99) : null,
    throughputPerSecond: (responses.length / lengthMs) * 1000,
    utilisation: busyUs / 1000 / lengthMs,
  };
}

export function hasP99(count: number): boolean {
  return count / 100 >= BEYOND;
}

/** Timed from the intended start: a request that was sent late has waited since then. */
export function responsesMs({ dueMs, endMs }: Sample): number[] {
  return endMs.map((end, i) => end - dueMs[i]);
}

/** By how much each request was sent later than it should have been. */
export function latenessMs({ dueMs, sentMs }: Sample): number[] {
  return sentMs.map((sent, i) => sent - dueMs[i]);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The smallest value that at least a share `p` of the sorted values does not exceed. */
export function quantile(sorted: readonly number[], p: number): number {
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)];
}
