/** Histograms of several sales put together: quantiles are of all values, never averages of quantiles. */
import { interpolatedUs } from "../../sim/kernel/histogram.ts";
import type { HistogramBucket } from "../../sim/kernel/histogram.ts";

export interface MergedHistogram {
  /** In order; the last edge of each histogram may lie within a bucket of the others. */
  readonly buckets: readonly HistogramBucket[];
  readonly count: number;
}

export function merge(histograms: readonly (readonly HistogramBucket[])[]): MergedHistogram {
  const counts = new Map<number, number>();
  for (const buckets of histograms)
    for (const [upToUs, count] of buckets) counts.set(upToUs, (counts.get(upToUs) ?? 0) + count);
  const buckets = [...counts].toSorted(([a], [b]) => a - b);
  return { buckets, count: buckets.reduce((sum, [, count]) => sum + count, 0) };
}

/** Later less earlier, of two states of one histogram that only grows. */
export function difference(
  later: readonly HistogramBucket[],
  earlier: readonly HistogramBucket[],
): MergedHistogram {
  const before = new Map(earlier);
  const buckets = later
    .map(([upToUs, count]): HistogramBucket => [upToUs, count - (before.get(upToUs) ?? 0)])
    // A maximum that has moved leaves its old edge behind.
    .filter(([, count]) => count > 0);
  return { buckets, count: buckets.reduce((sum, [, count]) => sum + count, 0) };
}

/** In milliseconds; null if fewer than ten values lie beyond it: (1 - p) n < 10. */
export function quantileMs({ buckets, count }: MergedHistogram, p: number): number | null {
  if ((1 - p) * count < 10 - 1e-9) return null;
  // Fractions of a microsecond are interpolation, not measurement.
  return Math.round(interpolatedUs(buckets, p)) / 1000;
}
