/**
 * no-undersell and latch: stock that stayed free while people who wanted it were refused.
 *
 * undersold = the largest u <= free at the end such that at least u in-limit buyers of one ticket
 * got a final refusal later than `refillBound` after free last rose to >= u and stayed there.
 *
 * Memory is in the number of tickets, not of buyers. `#roseMs[u]` is when free last rose to u; it
 * never decreases in u, because free moves through every level. A refusal counts for every level
 * it is late for, and is kept at the highest such; when free falls, the refusals of the levels
 * that are lost fall with it.
 */
import type { Findings } from "./findings.ts";

export class DemandModel {
  readonly #findings: Findings;
  readonly #refillBoundMs: number;
  #free: number;
  #roseMs: Float64Array;
  #refusals: Float64Array;
  /** SOLDOUT answers given while at least that quantity was free. */
  falseSoldOut = 0;

  constructor(findings: Findings, free: number, refillBoundMs: number) {
    this.#findings = findings;
    this.#refillBoundMs = refillBoundMs;
    this.#free = free;
    this.#roseMs = new Float64Array(free + 1);
    this.#refusals = new Float64Array(free + 1);
  }

  /** The stock's authority has `free` tickets from now on. */
  stock(free: number, atMs: number): void {
    const level = Math.max(0, free);
    if (level >= this.#roseMs.length) {
      this.#roseMs = widened(this.#roseMs, level + 1);
      this.#refusals = widened(this.#refusals, level + 1);
    }
    for (let u = this.#free + 1; u <= level; u += 1) {
      this.#roseMs[u] = atMs;
    }
    for (let u = this.#free; u > level; u -= 1) {
      this.#refusals[level] += this.#refusals[u];
      this.#refusals[u] = 0;
    }
    this.#free = level;
  }

  /** A buyer is told SOLDOUT. */
  soldOut(qty: number, atMs: number): void {
    if (this.#free < qty) return;
    this.falseSoldOut += 1;
    const freeForMs = atMs - this.#roseMs[qty];
    if (freeForMs > this.#refillBoundMs)
      this.#findings.report(
        "latch",
        atMs,
        `SOLDOUT was said with ${this.#free} free, ${qty} of them for ${freeForMs.toFixed(1)} ms ` +
          `(bound ${this.#refillBoundMs} ms)`,
      );
  }

  /** An in-limit buyer of one ticket goes away for good without one. */
  refusedForGood(atMs: number): void {
    const late = atMs - this.#refillBoundMs;
    if (this.#free === 0 || this.#roseMs[1] >= late) return;
    let low = 1;
    let high = this.#free;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#roseMs[middle] < late) low = middle;
      else high = middle - 1;
    }
    this.#refusals[low] += 1;
  }

  /** Tickets undersold, were this the end. */
  undersold(): number {
    let refusals = 0;
    for (let u = this.#free; u >= 1; u -= 1) {
      refusals += this.#refusals[u];
      if (refusals >= u) return u;
    }
    return 0;
  }
}

/** A sale that grows has levels that it did not have before. */
function widened(levels: Float64Array, length: number): Float64Array {
  const wide = new Float64Array(length);
  wide.set(levels);
  return wide;
}
