/** The run's clock: milliseconds since its start, monotonic, and how Unix times lie on it. */

/** How far a Unix time that was moved to the run's clock may be wrong, either way. */
export const SKEW_MS = 5;

/** The two clocks are read one after the other: a longer pause between them spoils the reading. */
const READING_MS_MAX = 0.2;
const READINGS_MAX = 5;

export class RunClock {
  readonly #startMs = performance.now();
  readonly startUnixMs = Date.now();
  #offsetMs = this.startUnixMs;

  nowMs(): number {
    return performance.now() - this.#startMs;
  }

  unixMs(): number {
    return Date.now();
  }

  /**
   * Where a Unix time of this machine lies on the run's clock. The distance of the two is measured
   * anew each time, because the system slews its Unix clock: convert what is recent.
   */
  runMs(unixMs: number): number {
    for (let i = 0; i < READINGS_MAX; i += 1) {
      const beforeMs = this.nowMs();
      const readMs = Date.now();
      const nowMs = this.nowMs();
      if (nowMs - beforeMs > READING_MS_MAX) continue;
      this.#offsetMs = readMs - nowMs;
      break;
    }
    return unixMs - this.#offsetMs;
  }
}
