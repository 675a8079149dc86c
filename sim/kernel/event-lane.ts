import { START } from "./typed-array.ts";

/** Numbers of one event in the ring: time, sequence, slot, argument. They are used together. */
const STRIDE = 4;
const SEQUENCE = 1;
const SLOT = 2;
const ARGUMENT = 3;

/** An event is let past this many others at most. */
const OVERTAKEN_MAX = 16;

/**
 * A queue of events of one kind that come nearly in order of time: a sorted ring in a typed array.
 * What follows after a constant delay, such as a hop over a link or a time limit, comes in order by
 * itself; what waited behind others for its turn is soon overtaken by those who did not, and then
 * a few events are moved up. Neither needs a heap.
 */
export class EventLane {
  #ring = new Float64Array(START * STRIDE);
  /** Index of the first event's time, and of the place behind the last event. */
  #head = 0;
  #tail = 0;
  #count = 0;

  get size(): number {
    return this.#count;
  }

  /**
   * Puts an event in its place, behind others of the same time; `sequence` is higher than that of
   * any event before. False if its place is too far from the end: then nothing has changed.
   */
  insert(time: number, sequence: number, slot: number, argument: number): boolean {
    if (this.#count * STRIDE === this.#ring.length) this.#grow();
    const ring = this.#ring;
    const mask = ring.length - 1;
    const overtaken = this.#laterThan(time);
    if (overtaken > OVERTAKEN_MAX) return false;
    let at = this.#tail;
    for (let moved = 0; moved < overtaken; moved += 1) {
      const before = (at - STRIDE) & mask;
      for (let i = 0; i < STRIDE; i += 1) ring[at + i] = ring[before + i];
      at = before;
    }
    ring[at] = time;
    ring[at + SEQUENCE] = sequence;
    ring[at + SLOT] = slot;
    ring[at + ARGUMENT] = argument;
    this.#tail = (this.#tail + STRIDE) & mask;
    this.#count += 1;
    return true;
  }

  /** How many events at the end are later than `time`; does not count beyond OVERTAKEN_MAX + 1. */
  #laterThan(time: number): number {
    const ring = this.#ring;
    const mask = ring.length - 1;
    const most = Math.min(this.#count, OVERTAKEN_MAX + 1);
    let at = this.#tail;
    let later = 0;
    while (later < most) {
      at = (at - STRIDE) & mask;
      if (ring[at] <= time) break;
      later += 1;
    }
    return later;
  }

  /** Time of the first event, or Infinity. */
  get time(): number {
    return this.#count === 0 ? Infinity : this.#ring[this.#head];
  }

  get sequence(): number {
    return this.#ring[this.#head + SEQUENCE];
  }

  get slot(): number {
    return this.#ring[this.#head + SLOT];
  }

  get argument(): number {
    return this.#ring[this.#head + ARGUMENT];
  }

  dropFirst(): void {
    this.#head = (this.#head + STRIDE) & (this.#ring.length - 1);
    this.#count -= 1;
  }

  /** A full ring becomes twice as long, with its first event at index 0. */
  #grow(): void {
    const ring = this.#ring;
    const longer = new Float64Array(ring.length * 2);
    longer.set(ring.subarray(this.#head));
    longer.set(ring.subarray(0, this.#head), ring.length - this.#head);
    this.#ring = longer;
    this.#head = 0;
    this.#tail = ring.length;
  }
}
