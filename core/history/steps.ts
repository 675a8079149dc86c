/** A number that changes in steps over time, and its extremes in any interval. */
export class Steps {
  /** Ascending; the value before the first is `#values[0]`. */
  readonly #atMs: number[] = [-Infinity];
  readonly #values: number[];

  constructor(first: number) {
    this.#values = [first];
  }

  /** It is `value` from `atMs` on. What comes dated earlier than the last step counts as with it. */
  set(atMs: number, value: number): void {
    this.#atMs.push(Math.max(atMs, this.#atMs.at(-1)!));
    this.#values.push(value);
  }

  least(fromMs: number, toMs: number): number {
    return this.#fold(fromMs, toMs, Math.min);
  }

  most(fromMs: number, toMs: number): number {
    return this.#fold(fromMs, toMs, Math.max);
  }

  #fold(fromMs: number, toMs: number, pick: (a: number, b: number) => number): number {
    let step = this.#stepAt(fromMs);
    let picked = this.#values[step];
    for (step += 1; step < this.#atMs.length && this.#atMs[step] <= toMs; step += 1)
      picked = pick(picked, this.#values[step]);
    return picked;
  }

  /** The last step before `ms`: what is dated `ms` itself may not have happened yet. */
  #stepAt(ms: number): number {
    let low = 0;
    let high = this.#atMs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#atMs[middle] < ms) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
