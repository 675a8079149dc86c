/**
 * Latency histogram in integer microseconds with 32 buckets per power of two: a quantile is within
 * 3 % of the exact one. (A native HDR histogram would cost a call out of JavaScript per answer.)
 */
const SUB_BITS = 5;
const SUB = 1 << SUB_BITS;

/** Upper edge in microseconds, and count. */
export type HistogramBucket = readonly [upToUs: number, count: number];

export class Histogram {
  readonly #counts = new Float64Array((32 - SUB_BITS + 1) * SUB);
  count = 0;
  maxUs = 0;
  /** Of the values as they were given, fractions included. */
  sumUs = 0;

  record(valueUs: number): void {
    const value = valueUs < 0 ? 0 : valueUs > 0x7fffffff ? 0x7fffffff : valueUs | 0;
    this.#counts[bucketOf(value)] += 1;
    this.count += 1;
    this.sumUs += valueUs;
    if (value > this.maxUs) this.maxUs = value;
  }

  /** The smallest bucket's upper edge below which a share `p` of the values lies; never above the maximum. */
  quantileUs(p: number): number {
    if (this.count === 0) return 0;
    const rank = Math.ceil(p * this.count);
    let seen = 0;
    for (let bucket = 0; bucket < this.#counts.length; bucket += 1) {
      seen += this.#counts[bucket];
      if (seen >= rank) return Math.min(this.maxUs, upperEdge(bucket));
    }
    return this.maxUs;
  }

  /** Every bucket that is not empty, in order: its upper edge, and how many values it has. */
  buckets(): HistogramBucket[] {
    const buckets: HistogramBucket[] = [];
    this.#counts.forEach((count, bucket) => {
      if (count > 0) buckets.push([Math.min(this.maxUs, upperEdge(bucket)), count]);
    });
    return buckets;
  }

  /** See `interpolatedUs`. */
  interpolatedUs(p: number): number {
    return interpolatedUs(this.buckets(), p);
  }
}

/**
 * The value below which a share `p` of the values lies, if they are even within each bucket: within
 * half a percent of the exact one where they are. 0 if there are no values.
 */
export function interpolatedUs(buckets: readonly HistogramBucket[], p: number): number {
  const rank = p * buckets.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  for (const [upToUs, here] of buckets) {
    if (seen + here >= rank) {
      const bucket = bucketOf(upToUs);
      const from = bucket === 0 ? 0 : upperEdge(bucket - 1) + 1;
      return from + ((upToUs + 1 - from) * (rank - seen)) / here;
    }
    seen += here;
  }
  return 0;
}

function bucketOf(value: number): number {
  if (value < SUB) return value;
  const shift = 31 - Math.clz32(value) - SUB_BITS;
  return (shift + 1) * SUB + ((value >>> shift) - SUB);
}

function upperEdge(bucket: number): number {
  if (bucket < SUB) return bucket;
  const shift = Math.floor(bucket / SUB) - 1;
  return ((bucket % SUB) + SUB + 1) * 2 ** shift - 1;
}
