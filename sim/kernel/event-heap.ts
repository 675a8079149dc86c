import { doubled, START } from "./typed-array.ts";

/**
 * A 4-ary heap of events in typed arrays, ordered by (time, sequence). After `pop` the root is left
 * as a hole that the next `push` fills, because most events schedule a successor: that saves half of
 * the sifting.
 */
export class EventHeap {
  #times = new Float64Array(START);
  #sequences = new Float64Array(START);
  #kinds = new Uint8Array(START);
  #slots = new Int32Array(START);
  #arguments = new Float64Array(START);
  #size = 0;
  #hole = false;

  /** The event that `pop` took out last. */
  time = 0;
  kind = 0;
  slot = 0;
  argument = 0;

  get size(): number {
    return this.#hole ? this.#size - 1 : this.#size;
  }

  /** Adds an event; `sequence` is higher than that of any event added before. */
  push(time: number, sequence: number, kind: number, slot: number, argument: number): void {
    if (this.#hole) {
      this.#hole = false;
      this.#siftDown(time, sequence, kind, slot, argument);
      return;
    }
    if (this.#size === this.#times.length) this.#grow();
    let i = this.#size;
    this.#size = i + 1;
    const times = this.#times;
    while (i > 0) {
      // A later sequence never goes before an equal time, so times alone decide here.
      const parent = (i - 1) >> 2;
      if (times[parent] <= time) break;
      this.#move(parent, i);
      i = parent;
    }
    this.#put(i, time, sequence, kind, slot, argument);
  }

  /** Time of the first event, or Infinity. */
  topTime(): number {
    if (this.#hole) this.#closeHole();
    return this.#size === 0 ? Infinity : this.#times[0];
  }

  /** Sequence of the first event; ask for its time first. */
  topSequence(): number {
    return this.#sequences[0];
  }

  /** Takes the first event out into the fields above; there must be one. */
  pop(): void {
    this.time = this.#times[0];
    this.kind = this.#kinds[0];
    this.slot = this.#slots[0];
    this.argument = this.#arguments[0];
    this.#hole = true;
  }

  #closeHole(): void {
    this.#hole = false;
    const last = this.#size - 1;
    this.#size = last;
    if (last > 0)
      this.#siftDown(
        this.#times[last],
        this.#sequences[last],
        this.#kinds[last],
        this.#slots[last],
        this.#arguments[last],
      );
  }

  /** Puts an event in the place of the root. */
  #siftDown(time: number, sequence: number, kind: number, slot: number, argument: number): void {
    const times = this.#times;
    const sequences = this.#sequences;
    const size = this.#size;
    let i = 0;
    for (;;) {
      let child = 4 * i + 1;
      if (child >= size) break;
      const end = child + 4 < size ? child + 4 : size;
      let least = child;
      let leastTime = times[child];
      for (child += 1; child < end; child += 1) {
        const t = times[child];
        if (t < leastTime || (t === leastTime && sequences[child] < sequences[least])) {
          least = child;
          leastTime = t;
        }
      }
      if (leastTime > time || (leastTime === time && sequences[least] > sequence)) break;
      this.#move(least, i);
      i = least;
    }
    this.#put(i, time, sequence, kind, slot, argument);
  }

  #move(from: number, to: number): void {
    this.#times[to] = this.#times[from]!;
    this.#sequences[to] = this.#sequences[from]!;
    this.#kinds[to] = this.#kinds[from]!;
    this.#slots[to] = this.#slots[from]!;
    this.#arguments[to] = this.#arguments[from]!;
  }

  #put(
    i: number,
    time: number,
    sequence: number,
    kind: number,
    slot: number,
    argument: number,
  ): void {
    this.#times[i] = time;
    this.#sequences[i] = sequence;
    this.#kinds[i] = kind;
    this.#slots[i] = slot;
    this.#arguments[i] = argument;
  }

  #grow(): void {
    this.#times = doubled(this.#times);
    this.#sequences = doubled(this.#sequences);
    this.#kinds = doubled(this.#kinds);
    this.#slots = doubled(this.#slots);
    this.#arguments = doubled(this.#arguments);
  }
}
