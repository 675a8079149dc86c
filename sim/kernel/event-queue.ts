/**
 * The event queue: events come out by (time, sequence), so that those of one instant run in the
 * order in which they were scheduled.
 *
 * An event is four numbers: time, kind, a 32-bit argument and a 53-bit one. Nothing is allocated
 * per event. Kinds that come nearly in order of time have a lane of their own; an event that would
 * be far out of order in its lane, and every other, goes to a heap. Where an event waits does not
 * change when it comes out.
 */
import { EventHeap } from "./event-heap.ts";
import { EventLane } from "./event-lane.ts";

/** Kinds are below this. */
const KINDS = 256;

export class EventQueue {
  readonly #heap = new EventHeap();
  readonly #lanes: readonly EventLane[];
  readonly #laneKinds: readonly number[];
  /** Time of each lane's first event, or Infinity. */
  readonly #laneTimes: Float64Array;
  /** Lane of each kind, or -1. */
  readonly #laneOf = new Int8Array(KINDS).fill(-1);
  #sequence = 0;
  /** The lanes by their first events; empty ones come last. */
  readonly #order: Uint8Array;
  /** Time of the first event in any lane, or Infinity. */
  #firstTime = Infinity;

  /** The event that `pop` took out last. */
  time = 0;
  kind = 0;
  slot = 0;
  argument = 0;

  /** @param laneKinds kinds that come nearly in order */
  constructor(laneKinds: readonly number[] = []) {
    this.#laneKinds = laneKinds;
    this.#lanes = laneKinds.map(() => new EventLane());
    this.#laneTimes = new Float64Array(laneKinds.length).fill(Infinity);
    this.#order = Uint8Array.from(laneKinds.keys());
    laneKinds.forEach((kind, lane) => {
      this.#laneOf[kind] = lane;
    });
  }

  get size(): number {
    return this.#lanes.reduce((sum, lane) => sum + lane.size, this.#heap.size);
  }

  /** Schedules an event. `time` is in integer nanoseconds. */
  push(time: number, kind: number, slot: number, argument: number): void {
    const sequence = this.#sequence;
    this.#sequence = sequence + 1;
    const number = this.#laneOf[kind];
    if (number >= 0) {
      if (this.#lanes[number].insert(time, sequence, slot, argument)) {
        // Of equal times the earlier sequence is first, and this one is the latest.
        if (time < this.#laneTimes[number]) this.#rise(number, time);
        return;
      }
    }
    this.#heap.push(time, sequence, kind, slot, argument);
  }

  /** Time of the next event, or Infinity. */
  peekTime(): number {
    return Math.min(this.#firstTime, this.#heap.topTime());
  }

  /** Takes out the next event into the fields above; false if there is none. */
  pop(): boolean {
    return this.popBefore(Infinity);
  }

  /** Takes out the next event if it comes before `limit`; false if there is none. */
  popBefore(limit: number): boolean {
    const heap = this.#heap;
    const heapTime = heap.topTime();
    const laneTime = this.#firstTime;
    if (heapTime >= limit && laneTime >= limit) return false;
    if (laneTime < heapTime) this.#popLane();
    else if (laneTime === heapTime && this.#lanes[this.#order[0]].sequence < heap.topSequence())
      this.#popLane();
    else {
      heap.pop();
      this.time = heap.time;
      this.kind = heap.kind;
      this.slot = heap.slot;
      this.argument = heap.argument;
    }
    return true;
  }

  #popLane(): void {
    const first = this.#order[0];
    const lane = this.#lanes[first];
    this.time = this.#firstTime;
    this.kind = this.#laneKinds[first];
    this.slot = lane.slot;
    this.argument = lane.argument;
    lane.dropFirst();
    this.#sink(first, lane.time);
  }

  /** A lane's first event now comes at `time`, earlier than before. */
  #rise(number: number, time: number): void {
    const times = this.#laneTimes;
    const order = this.#order;
    times[number] = time;
    let place = 0;
    while (order[place] !== number) place += 1;
    while (place > 0 && time < times[order[place - 1]]) {
      order[place] = order[place - 1];
      place -= 1;
    }
    order[place] = number;
    if (place === 0) this.#firstTime = time;
  }

  /** The first lane's first event is gone; its next comes at `time`, or is none: Infinity. */
  #sink(number: number, time: number): void {
    const times = this.#laneTimes;
    const order = this.#order;
    const lanes = this.#lanes;
    times[number] = time;
    let place = 0;
    while (place + 1 < order.length) {
      const other = order[place + 1];
      const otherTime = times[other];
      // Empty lanes are equal too: which of them comes first does not matter.
      if (time < otherTime) break;
      if (time === otherTime && lanes[number].sequence < lanes[other].sequence) break;
      order[place] = other;
      place += 1;
    }
    order[place] = number;
    this.#firstTime = times[order[0]];
  }
}
