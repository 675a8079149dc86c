/**
 * Runs a simulation twice and names the first event in which the two runs part. "They differ
 * somewhere" would be useless.
 */
import { DOMAIN_EVENTS } from "./kernel/trace.ts";
import type { DomainEvent, TraceListener } from "./kernel/trace.ts";
import type { Simulation } from "./simulation.ts";

/** Between two yields: some 10 ms of work. */
const EVENTS_PER_TURN = 5000;
const CHUNK_EVENTS = 65_536;

export type DeterminismVerdict =
  | { readonly same: true; readonly traceHash: string }
  | { readonly same: false; readonly description: string };

/** Repeats only the first events of a finished run: what every run can afford. */
export async function checkPrefix(
  finished: Simulation,
  makeSimulation: () => Simulation,
  yieldControl: () => Promise<void>,
): Promise<{ readonly same: boolean; readonly description: string }> {
  const { events, traceHash } = finished.prefix();
  const again = makeSimulation();
  for (let done = 0; done < events; done += EVENTS_PER_TURN) {
    again.advance(Math.min(EVENTS_PER_TURN, events - done));
    // oxlint-disable-next-line no-await-in-loop -- the turns are one run, one after the other
    await yieldControl();
  }
  const same = again.prefix().traceHash === traceHash;
  const first = `the first ${events.toLocaleString("en")} kernel events`;
  return same
    ? { same, description: `${first} came out the same twice` }
    : { same, description: `${first} came out otherwise when repeated: use --check-determinism` };
}

/** Makes the same simulation twice; anything that differs between the two is the finding. */
export async function checkDeterminism(
  makeSimulation: (listener: TraceListener | null) => Simulation,
  yieldControl: () => Promise<void>,
): Promise<DeterminismVerdict> {
  const log = new EventLog();
  const first = makeSimulation(log);
  await runToEnd(first, yieldControl, () => false);

  const comparison = new Comparison(log);
  const second = makeSimulation(comparison);
  await runToEnd(second, yieldControl, () => comparison.difference !== null);

  const description = comparison.end() ?? differenceOfResults(first, second);
  if (description !== null) return { same: false, description };
  return { same: true, traceHash: first.result().traceHash };
}

async function runToEnd(
  simulation: Simulation,
  yieldControl: () => Promise<void>,
  isOver: () => boolean,
): Promise<void> {
  while (!simulation.advance(EVENTS_PER_TURN) && !isOver()) {
    // oxlint-disable-next-line no-await-in-loop -- the turns are one run, one after the other
    await yieldControl();
  }
}

/** What is kept of one event: 21 bytes of it. */
interface LoggedEvent {
  readonly timeNs: number;
  readonly kind: DomainEvent;
  readonly entity: number;
  /** Covers sequence and detail too. */
  readonly hash: number;
}

interface Chunk {
  readonly timesNs: Float64Array;
  readonly entities: Float64Array;
  readonly hashes: Uint32Array;
  readonly kinds: Uint8Array;
}

/** All events of the first run. A million buyers make some millions of them, so no objects. */
class EventLog implements TraceListener {
  readonly #chunks: Chunk[] = [];
  count = 0;

  event(
    timeNs: number,
    kind: DomainEvent,
    entity: number,
    _sequence: number,
    _detail: string,
    hash: number,
  ): void {
    const at = this.count % CHUNK_EVENTS;
    if (at === 0) this.#chunks.push(createChunk());
    const chunk = this.#chunks[this.#chunks.length - 1];
    chunk.timesNs[at] = timeNs;
    chunk.entities[at] = entity;
    chunk.hashes[at] = hash;
    chunk.kinds[at] = DOMAIN_EVENTS.indexOf(kind);
    this.count += 1;
  }

  hashAt(index: number): number {
    return this.#chunks[Math.floor(index / CHUNK_EVENTS)].hashes[index % CHUNK_EVENTS];
  }

  at(index: number): LoggedEvent {
    const chunk = this.#chunks[Math.floor(index / CHUNK_EVENTS)];
    const at = index % CHUNK_EVENTS;
    return {
      timeNs: chunk.timesNs[at],
      kind: DOMAIN_EVENTS[chunk.kinds[at]],
      entity: chunk.entities[at],
      hash: chunk.hashes[at],
    };
  }
}

function createChunk(): Chunk {
  return {
    timesNs: new Float64Array(CHUNK_EVENTS),
    entities: new Float64Array(CHUNK_EVENTS),
    hashes: new Uint32Array(CHUNK_EVENTS),
    kinds: new Uint8Array(CHUNK_EVENTS),
  };
}

/** Listens to the second run until an event is not the one of the first. */
class Comparison implements TraceListener {
  readonly #log: EventLog;
  #count = 0;
  difference: string | null = null;

  constructor(log: EventLog) {
    this.#log = log;
  }

  event(
    timeNs: number,
    kind: DomainEvent,
    entity: number,
    sequence: number,
    detail: string,
    hash: number,
  ): void {
    if (this.difference !== null) return;
    const index = this.#count;
    this.#count += 1;
    if (index < this.#log.count && this.#log.hashAt(index) === hash) return;
    const expected =
      index < this.#log.count ? describe(this.#log.at(index)) : "nothing more happened";
    this.difference =
      `event ${index + 1}: in the first run ${expected}; in the second ` +
      `${describe({ timeNs, kind, entity, hash })} (sequence ${sequence}, "${detail}")`;
  }

  /** The difference, at the end of the second run; null if there is none. */
  end(): string | null {
    if (this.difference !== null || this.#count === this.#log.count) return this.difference;
    return (
      `event ${this.#count + 1}: in the first run ${describe(this.#log.at(this.#count))}; ` +
      "in the second nothing more happened"
    );
  }
}

function describe({ timeNs, kind, entity, hash }: LoggedEvent): string {
  return (
    `"${kind}" of ${entity} at ${(timeNs / 1e6).toFixed(6)} ms ` +
    `(hash ${hash.toString(16).padStart(8, "0")})`
  );
}

/** Two runs with the same events may still have counted differently. */
function differenceOfResults(first: Simulation, second: Simulation): string | null {
  const one = first.result();
  const other = second.result();
  for (const key of Object.keys(one) as (keyof typeof one)[]) {
    const seen = JSON.stringify(one[key]);
    const seenAgain = JSON.stringify(other[key]);
    if (seen !== seenAgain)
      return `the same events, but ${key} is ${seen} in the first run and ${seenAgain} in the second`;
  }
  return null;
}
