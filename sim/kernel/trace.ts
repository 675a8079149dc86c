/**
 * The trace: a hash over domain events (what happened to whom), not over the kernel's events.
 *
 * The hash is the sum mod 2^64 of hash(time, kind, entity, sequence, detail) over all domain
 * events, so it does not depend on the order in which events of one instant were processed: a
 * faster kernel or another batching must not change it.
 */

/** What can happen, with what `entity`, `sequence` and `detail` mean for it. */
export const DOMAIN_EVENTS = [
  /** A buyer's request got its answer. Entity: buyer; sequence: visit; detail: answer code. */
  "answered",
  /** The counter applied one item. Entity: buyer or payment; detail: script and result. */
  "counter-item",
  /** A call without items: sweep, grant. Entity: 0; sequence: generation; detail: free stock. */
  "counter-call",
  /** A reservation changed hands in the order book. */
  "order",
  /** The provider charged a buyer. Entity: buyer. */
  "charged",
  /** The provider heard what a charge is good for. */
  "charge-answered",
  /** A fault began (sequence 1) or ended (0). Entity: episode; detail: its kind. */
  "fault",
] as const;

const TWO_POW_32 = 4294967296;

export type DomainEvent = (typeof DOMAIN_EVENTS)[number];

/** Receives every domain event, for a trace file or to find where two runs part. */
export interface TraceListener {
  event(
    timeNs: number,
    kind: DomainEvent,
    entity: number,
    sequence: number,
    detail: string,
    hash: number,
  ): void;
}

/** Kind and detail of an event with their hash: FNV-1a over their characters. */
export interface TraceWord {
  readonly kind: DomainEvent;
  readonly detail: string;
  readonly hash: number;
}

/** Hashes kind and detail once, for events that come by the million. */
export function wordOf(kind: DomainEvent, detail: string): TraceWord {
  let hash = 0x811c9dc5;
  for (let i = 0; i < kind.length; i += 1) hash = Math.imul(hash ^ kind.charCodeAt(i), 0x01000193);
  for (let i = 0; i < detail.length; i += 1)
    hash = Math.imul(hash ^ detail.charCodeAt(i), 0x01000193);
  return { kind, detail, hash };
}

export class Trace {
  #low = 0;
  #high = 0;
  /** Domain events so far. */
  events = 0;
  readonly #listener: TraceListener | null;

  constructor(listener: TraceListener | null) {
    this.#listener = listener;
  }

  add(timeNs: number, kind: DomainEvent, entity: number, sequence: number, detail: string): void {
    this.addWord(timeNs, wordOf(kind, detail), entity, sequence);
  }

  /** The same for an event whose kind and detail were hashed before: see `wordOf`. */
  addWord(timeNs: number, word: TraceWord, entity: number, sequence: number): void {
    const timeLow = timeNs | 0;
    const timeHigh = (timeNs / TWO_POW_32) | 0;
    const entityLow = entity | 0;
    const entityHigh = (entity / TWO_POW_32) | 0;
    const low = mix(word.hash, timeLow, timeHigh, entityLow, entityHigh, sequence);
    const high = mix(low ^ 0x9e3779b9, timeLow, timeHigh, entityLow, entityHigh, sequence);
    const sum = this.#low + low;
    this.#low = sum >>> 0;
    this.#high = (this.#high + high + (sum > 0xffffffff ? 1 : 0)) >>> 0;
    this.events += 1;
    if (this.#listener !== null)
      this.#listener.event(timeNs, word.kind, entity, sequence, word.detail, low);
  }

  /** 16 hex digits. */
  hash(): string {
    return this.#high.toString(16).padStart(8, "0") + this.#low.toString(16).padStart(8, "0");
  }
}

/** Hashes 32-bit integers on top of `start`: the halves of a time and of an entity, and a sequence. */
function mix(
  start: number,
  timeLow: number,
  timeHigh: number,
  entityLow: number,
  entityHigh: number,
  sequence: number,
): number {
  let h = start;
  h = Math.imul(h ^ timeLow, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15) ^ timeHigh, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 13) ^ entityLow, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 16) ^ entityHigh, 0x165667b1);
  h = Math.imul(h ^ (h >>> 15) ^ sequence, 0x9e3779b1);
  return (h ^ (h >>> 16)) >>> 0;
}
