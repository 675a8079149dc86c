/** Stock over time, in bins that double in width when there are too many of them. */
import type { StockSeries } from "../result.ts";
import { NS_PER_MS } from "./world.ts";

const BINS_MAX = 1200;
const BIN_MS_START = 250;

export class StockRecorder {
  #binMs = BIN_MS_START;
  #held: number[] = [];
  #confirmed: number[] = [];

  /** The stock as it is now; samples come in order of time. */
  sample(nowNs: number, held: number, confirmed: number): void {
    let bin = Math.floor(nowNs / NS_PER_MS / this.#binMs);
    while (bin >= BINS_MAX) {
      this.#binMs *= 2;
      this.#held = this.#held.filter((_, i) => i % 2 === 1);
      this.#confirmed = this.#confirmed.filter((_, i) => i % 2 === 1);
      bin = Math.floor(nowNs / NS_PER_MS / this.#binMs);
    }
    // A bin that saw no sample ends as the one before it did.
    while (this.#held.length <= bin) {
      this.#held.push(this.#held.at(-1) ?? 0);
      this.#confirmed.push(this.#confirmed.at(-1) ?? 0);
    }
    this.#held[bin] = held;
    this.#confirmed[bin] = confirmed;
  }

  series(): StockSeries {
    return { binMs: this.#binMs, held: this.#held, confirmed: this.#confirmed };
  }
}
