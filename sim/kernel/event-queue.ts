/**
 * The event queue: events come out by time, and those of one instant in the order in which they
 * were scheduled.
 *
 * An event is four numbers: time, kind, a 32-bit argument and a 53-bit one. Nothing is allocated
 * per event.
 *
 * There are two heaps, for events due soon and for all others. Four of five events of a sale are a
 * request's hops, due within a fraction of a millisecond, while tens of thousands of timeouts and
 * payments are pending: in a heap of their own the hops sift through three levels and stay in the
 * processor's nearest cache. Which heap an event is in does not change when it comes out.
 */
import { EventHeap } from "./event-heap.ts";

/** An event is due soon if it follows the last one within this time. */
export const SOON_NS = 1_000_000;

export class EventQueue {
  readonly #soon = new EventHeap();
  readonly #later = new EventHeap();
  #sequence = 0;

  /** The event that `pop` took out last. */
  time = 0;
  kind = 0;
  slot = 0;
  argument = 0;

  get size(): number {
    return this.#soon.size + this.#later.size;
  }

  /** Schedules an event. `time` is in integer nanoseconds. */
  push(time: number, kind: number, slot: number, argument: number): void {
    const sequence = this.#sequence;
    this.#sequence = sequence + 1;
    if (time - this.time < SOON_NS) this.#soon.push(time, sequence, kind, slot, argument);
    else this.#later.push(time, sequence, kind, slot, argument);
  }

  /** Time of the next event, or Infinity. */
  peekTime(): number {
    const soonTime = this.#soon.peekTime();
    const laterTime = this.#later.peekTime();
    return soonTime < laterTime ? soonTime : laterTime;
  }

  /** Takes out the next event into the fields above; false if there is none. */
  pop(): boolean {
    const soonTime = this.#soon.peekTime();
    const laterTime = this.#later.peekTime();
    if (soonTime < laterTime) this.#take(this.#soon);
    else if (laterTime < soonTime) this.#take(this.#later);
    else if (soonTime === Infinity) return false;
    else if (this.#soon.peekSequence() < this.#later.peekSequence()) this.#take(this.#soon);
    else this.#take(this.#later);
    return true;
  }

  #take(heap: EventHeap): void {
    heap.pop();
    this.time = heap.time;
    this.kind = heap.kind;
    this.slot = heap.slot;
    this.argument = heap.argument;
  }
}
