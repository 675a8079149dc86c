/** What is to happen, by time; equal times in the order in which they were put in. */
export class Agenda<T> {
  // Descending, so that the next entry is at the end. A network in motion has tens of entries, for
  // which an insertion costs less than a heap would.
  readonly #times: number[] = [];
  readonly #entries: T[] = [];

  add(timeNs: number, entry: T): void {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      // Behind all that is later, before all that is at the same time.
      if (this.#times[middle] > timeNs) low = middle + 1;
      else high = middle;
    }
    this.#times.splice(low, 0, timeNs);
    this.#entries.splice(low, 0, entry);
  }

  /** Time of the next entry, or Infinity. */
  nextNs(): number {
    return this.#times.at(-1) ?? Infinity;
  }

  /** Takes the next entry off. */
  take(): T | undefined {
    this.#times.pop();
    return this.#entries.pop();
  }
}
