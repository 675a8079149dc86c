/** The plain way to keep events, for comparison: a binary heap of objects by (time, sequence). */

interface Event {
  readonly time: number;
  readonly sequence: number;
  readonly kind: number;
  readonly slot: number;
  readonly argument: number;
}

export class ObjectHeap {
  readonly #events: Event[] = [];
  #sequence = 0;

  push(time: number, kind: number, slot: number, argument: number): void {
    const event = { time, sequence: this.#sequence, kind, slot, argument };
    this.#sequence += 1;
    const events = this.#events;
    let i = events.length;
    events.push(event);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!isBefore(event, events[parent])) break;
      events[i] = events[parent];
      i = parent;
    }
    events[i] = event;
  }

  /** The next event. There must be one. */
  pop(): Event {
    const events = this.#events;
    const first = events[0];
    const last = events.pop()!;
    const size = events.length;
    if (size === 0) return first;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= size) break;
      if (child + 1 < size && isBefore(events[child + 1], events[child])) child += 1;
      if (!isBefore(events[child], last)) break;
      events[i] = events[child];
      i = child;
    }
    events[i] = last;
    return first;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.time < b.time || (a.time === b.time && a.sequence < b.sequence);
}
