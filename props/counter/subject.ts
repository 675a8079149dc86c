/** A counter under test, and what can be done to it from outside: one interface, two counters. */
import type { CounterCall, CounterReply, OutboxEvent } from "../../core/counter/calls.ts";
import type { Row, Sale } from "../../core/counter/state.ts";

export interface CounterSubject {
  apply(call: CounterCall, redisTimeMs: number): Promise<CounterReply>;
  snapshot(): Promise<Snapshot>;
  /** What only recovery does. Nothing, where there is no sale; so for a stray deadline. */
  setClockOffset(offsetMs: number): Promise<void>;
  /** Redis loses the sale's hash and nothing else. */
  loseSale(): Promise<void>;
  /** A deadline entry that no held row stands behind, as a bug would leave it. */
  addStrayDeadline(id: string, deadlineMs: number): Promise<void>;
}

/** The whole state in one canonical form: equal states are deeply equal. */
export interface Snapshot {
  readonly sale: Sale | null;
  readonly rows: readonly (readonly [id: string, row: Row])[];
  readonly deadlines: readonly (readonly [id: string, timeMs: number])[];
  readonly retired: readonly (readonly [id: string, timeMs: number])[];
  readonly buyers: readonly (readonly [buyer: string, units: number])[];
  readonly payments: readonly (readonly [paymentId: string, answer: string])[];
  readonly servers: readonly (readonly [server: string, heardMs: number])[];
  readonly outboxExists: boolean;
  readonly outbox: readonly Omit<OutboxEvent, "position">[];
}

/** Text order of the ids, as `<` has it: the order of Redis, not that of a language. */
export function byId<E extends readonly [string, unknown]>(entries: Iterable<E>): E[] {
  return [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

export function byTimeAndId(
  entries: Iterable<readonly [string, number]>,
): (readonly [string, number])[] {
  return byId(entries).toSorted(([, a], [, b]) => a - b);
}

/** Positions are the one thing that differs: Redis makes them of its own clock. */
export function withoutPosition(event: OutboxEvent): Omit<OutboxEvent, "position"> {
  const { position: _position, ...rest } = event;
  return rest;
}
