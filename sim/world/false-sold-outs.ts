/**
 * Latencies of those who were told SOLDOUT while something was left: kept apart, because fast
 * refusals would flatter the rest. Only for who asks for it; a run has none otherwise.
 */
import { Histogram } from "../kernel/histogram.ts";

export class FalseSoldOuts {
  readonly latencies = new Histogram();
  /** Requests whose answer on its way is a false SOLDOUT. */
  readonly #marked = new Set<number>();
  #count = 0;

  /** A ticket server answers a request; `count` false answers have been given by then. */
  answers(request: number, count: number): void {
    if (count > this.#count) this.#marked.add(request);
    // The slot of a request that nobody heard of may be in use again.
    else this.#marked.delete(request);
    this.#count = count;
  }

  /** A buyer hears the end of a request, which need not be that answer. */
  heard(request: number, isSoldOut: boolean, latencyUs: number): void {
    if (this.#marked.delete(request) && isSoldOut) this.latencies.record(latencyUs);
  }
}
