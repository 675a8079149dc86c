/**
 * Values by a number that is free again as soon as its value was taken.
 *
 * A Map would do, but for the garbage collector: when a Map with many deletions grows a new table,
 * the old one, once it is in the old generation, keeps alive whatever it held, until the next full
 * collection. Here that is whole requests, and it doubled the cost of each.
 */
export class Slots<T> {
  readonly #values: (T | null)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#values.length - this.#free.length;
  }

  /** The number to take the value by. */
  put(value: T): number {
    const slot = this.#free.pop() ?? this.#values.length;
    this.#values[slot] = value;
    return slot;
  }

  /** null if there is no value of that number. */
  take(slot: number): T | null {
    const value = this.#values[slot] ?? null;
    if (value === null) return null;
    this.#values[slot] = null;
    this.#free.push(slot);
    return value;
  }
}
