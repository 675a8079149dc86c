/**
 * The outbox in the twin: a stream of events and one consumer group, with the semantics of Redis
 * Streams (7.0: XADD, XREADGROUP, XACK, XAUTOCLAIM, XTRIM MINID, XINFO GROUPS).
 *
 * Positions are consecutive integers from 1, as text in the events. Times are milliseconds of one
 * clock, the server's own (Redis measures idle time by it, not by counter time).
 */
import type { OutboxEvent } from "./calls.ts";

export interface Delivery {
  consumer: string;
  deliveredMs: number;
  /** How often the event was handed out: more than once means that a worker died or was slow. */
  count: number;
}

export interface Outbox {
  /** False until init has created the stream and its group. */
  exists: boolean;
  /** What is not trimmed, in order. */
  events: OutboxEvent[];
  /** Position of `events[0]`, or of the event to come where there is none. */
  firstPosition: number;
  /** The group has handed out every position up to this one. */
  lastDelivered: number;
  /** Handed out and not acknowledged, by position, in order: a later delivery is appended. */
  readonly pending: Map<number, Delivery>;
}

/** What has an outbox: the state of the counter. */
interface WithOutbox {
  readonly outbox: Outbox;
}

export function createOutbox(): Outbox {
  return { exists: false, events: [], firstPosition: 1, lastDelivered: 0, pending: new Map() };
}

/** XADD with `*`. */
export function appendEvent(
  outbox: Outbox,
  kind: OutboxEvent["kind"],
  id: string,
  qty: number,
  buyer: string,
  paymentId: string,
  reason = "",
): void {
  const position = String(outbox.firstPosition + outbox.events.length);
  const event = { position, kind, id, qty, buyer, paymentId };
  outbox.events.push(reason === "" ? event : { ...event, reason });
}

/** XREADGROUP COUNT count with `>`: events that no consumer of the group was given before. */
export function readGroup(
  { outbox }: WithOutbox,
  consumer: string,
  count: number,
  nowMs: number,
): OutboxEvent[] {
  const from = outbox.lastDelivered + 1 - outbox.firstPosition;
  const events = outbox.events.slice(from, from + count);
  for (let i = 0; i < events.length; i++) {
    outbox.lastDelivered += 1;
    outbox.pending.set(outbox.lastDelivered, { consumer, deliveredMs: nowMs, count: 1 });
  }
  return events;
}

/** XACK: how many of the positions were pending. An event acknowledged twice counts once. */
export function ack({ outbox }: WithOutbox, positions: readonly string[]): number {
  let acknowledged = 0;
  for (const position of positions) {
    if (outbox.pending.delete(Number(position))) acknowledged += 1;
  }
  return acknowledged;
}

/**
 * XAUTOCLAIM from 0-0, called again from its cursor until it has `count` events or has seen all:
 * takes over what has been pending for `minIdleMs` or longer, whoever has it, the caller included.
 */
export function autoClaim(
  { outbox }: WithOutbox,
  consumer: string,
  minIdleMs: number,
  count: number,
  nowMs: number,
): OutboxEvent[] {
  const events: OutboxEvent[] = [];
  for (const [position, delivery] of outbox.pending) {
    if (events.length === count) break;
    if (nowMs - delivery.deliveredMs < minIdleMs) continue;
    delivery.consumer = consumer;
    delivery.deliveredMs = nowMs;
    delivery.count += 1;
    events.push(outbox.events[position - outbox.firstPosition]);
  }
  return events;
}

/**
 * XTRIM MINID of the lowest position still needed: pending, or not yet delivered. (XTRIM MAXLEN
 * would drop orders that nobody has written yet.) Returns how many events went.
 */
export function trim({ outbox }: WithOutbox): number {
  const count = lowestNeeded(outbox) - outbox.firstPosition;
  outbox.events.splice(0, count);
  outbox.firstPosition += count;
  return count;
}

function lowestNeeded(outbox: Outbox): number {
  for (const position of outbox.pending.keys()) return position;
  return outbox.lastDelivered + 1;
}

/** Events not yet acknowledged: XINFO GROUPS, pending + lag. */
export function backlog({ outbox }: WithOutbox): number {
  const lastPosition = outbox.firstPosition + outbox.events.length - 1;
  return outbox.pending.size + lastPosition - outbox.lastDelivered;
}
