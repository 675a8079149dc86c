/** Stock over time, at a resolution relative to the time: a sale is over in a blink, its payments are not. */
import type { StockSeries } from "../result.ts";
import { NS_PER_MS } from "./world.ts";

/** A new step begins at the earliest this much later than the last one. */
const RELATIVE_STEP = 1.01;
const LEAST_STEP_MS = 1;

export class StockRecorder {
  readonly #atMs: number[] = [0];
  readonly #held: number[] = [0];
  readonly #confirmed: number[] = [0];

  /** The stock has changed; calls come in order of time. */
  changed(nowNs: number, held: number, confirmed: number): void {
    const last = this.#atMs.length - 1;
    if (this.#held[last] === held && this.#confirmed[last] === confirmed) return;
    const nowMs = nowNs / NS_PER_MS;
    if (nowMs >= this.#atMs[last] * RELATIVE_STEP + LEAST_STEP_MS) {
      this.#atMs.push(nowMs);
      this.#held.push(held);
      this.#confirmed.push(confirmed);
    } else {
      this.#held[last] = held;
      this.#confirmed[last] = confirmed;
    }
  }

  series(): StockSeries {
    return { atMs: this.#atMs, held: this.#held, confirmed: this.#confirmed };
  }
}
