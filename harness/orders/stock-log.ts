/**
 * Every change of the free stock in the order of the commits.
 *
 * Many connections commit at once, and hear of it in any order. The stock row counts its changes:
 * what arrives early waits until the changes before it are there, so that the log only grows at its
 * end.
 */

/** One change. Everybody else sees it from some moment between the two times. */
export interface StockEntry {
  /** Free tickets after it. */
  readonly left: number;
  /** Unix time in milliseconds just before the commit was asked for. */
  readonly atMs: number;
  /** Unix time in milliseconds just after the database said that it was committed. */
  readonly committedMs: number;
}

export class StockLog {
  readonly entries: StockEntry[] = [];
  readonly #early = new Map<number, StockEntry>();
  #next = 1;

  /** The versions are 1, 2, 3, ..., each once. */
  add(version: number, entry: StockEntry): void {
    this.#early.set(version, entry);
    this.#append();
  }

  /**
   * No transaction is under way: a change still missing was committed without our hearing of it,
   * as its connection broke. The log goes on behind it.
   */
  skipMissing(): void {
    while (this.#early.size > 0) {
      this.#next = Math.min(...this.#early.keys());
      this.#append();
    }
  }

  #append(): void {
    for (;;) {
      const entry = this.#early.get(this.#next);
      if (entry === undefined) return;
      this.entries.push(entry);
      this.#early.delete(this.#next);
      this.#next += 1;
    }
  }
}
