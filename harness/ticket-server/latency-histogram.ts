/** Latencies in the fixed buckets of a Prometheus histogram. */

/** Upper bounds in milliseconds, the bound included; one more bucket takes the rest. */
export const BOUNDS_MS: readonly number[] = [
  0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000,
];

export class LatencyHistogram {
  /** Not cumulated; the last one has no bound. */
  readonly #counts = new Float64Array(BOUNDS_MS.length + 1);
  #sumMs = 0;

  record(ms: number): void {
    let bucket = 0;
    while (bucket < BOUNDS_MS.length && ms > BOUNDS_MS[bucket]) bucket += 1;
    this.#counts[bucket] += 1;
    this.#sumMs += ms;
  }

  /** Lines of the text format; `labels` as in `kind="buy"`. */
  lines(name: string, labels: string): string[] {
    let count = 0;
    const buckets = [...this.#counts].map((inBucket, i) => {
      count += inBucket;
      const bound = i < BOUNDS_MS.length ? String(BOUNDS_MS[i] / 1000) : "+Inf";
      return `${name}_bucket{${labels},le="${bound}"} ${count}`;
    });
    return [
      ...buckets,
      `${name}_sum{${labels}} ${this.#sumMs / 1000}`,
      `${name}_count{${labels}} ${count}`,
    ];
  }
}
