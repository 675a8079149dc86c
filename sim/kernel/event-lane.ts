import { doubled } from "./typed-array.ts";

const START = 256;

/**
 * A FIFO of events of one kind whose times do not decrease: a ring in typed arrays. What follows
 * after a constant delay, such as a hop over a link or a time limit, comes in order by itself and
 * needs no heap.
 */
export class EventLane {
  #times = new Float64Array(START);
  #sequences = new Float64Array(START);
  #slots = new Int32Array(START);
  #arguments = new Float64Array(START);
  #head = 0;
  #count = 0;
  #lastTime = -Infinity;

  get size(): number {
    return this.#count;
  }

  /** True if an event of that time may be appended. */
  accepts(time: number): boolean {
    return this.#count === 0 || time >= this.#lastTime;
  }

  append(time: number, sequence: number, slot: number, argument: number): void {
    if (this.#count === this.#times.length) this.#grow();
    const i = (this.#head + this.#count) & (this.#times.length - 1);
    this.#times[i] = time;
    this.#sequences[i] = sequence;
    this.#slots[i] = slot;
    this.#arguments[i] = argument;
    this.#count += 1;
    this.#lastTime = time;
  }

  /** Time of the first event, or Infinity. */
  get time(): number {
    return this.#count === 0 ? Infinity : this.#times[this.#head];
  }

  get sequence(): number {
    return this.#sequences[this.#head];
  }

  get slot(): number {
    return this.#slots[this.#head];
  }

  get argument(): number {
    return this.#arguments[this.#head];
  }

  dropFirst(): void {
    this.#head = (this.#head + 1) & (this.#times.length - 1);
    this.#count -= 1;
  }

  #grow(): void {
    const length = this.#times.length;
    this.#times = unrolled(this.#times, this.#head);
    this.#sequences = unrolled(this.#sequences, this.#head);
    this.#slots = unrolled(this.#slots, this.#head);
    this.#arguments = unrolled(this.#arguments, this.#head);
    this.#head = 0;
    this.#count = length;
  }
}

/** A full ring twice as wide, with its first element at index 0. */
function unrolled<A extends Float64Array | Int32Array>(ring: A, head: number): A {
  const wide = doubled(ring);
  wide.set(ring.subarray(head));
  wide.set(ring.subarray(0, head), ring.length - head);
  return wide;
}
