/**
 * Interleavings in which stock runs out and comes back again and again: few tickets, short holds,
 * many who give up theirs. The general ones seldom see a reply that is older than the latch.
 */
import * as fc from "fast-check";
import type { Operation, Run } from "../../engine/operations.ts";

const HOLD_MS = 100;

const number = fc.nat(50);
const server = fc.nat(1);
const isChanged = fc.constant(false);
const on = <D extends string>(name: D) => ({ do: fc.constant(name) });

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({ ...on("buy"), server, buyer: number, qty: fc.constant(1) }),
  },
  { weight: 1, arbitrary: fc.record({ ...on("buy again"), request: number, server, isChanged }) },
  { weight: 5, arbitrary: fc.record({ ...on("cancel"), request: number, server }) },
  { weight: 1, arbitrary: fc.record({ ...on("pay"), request: number, server }) },
  { weight: 16, arbitrary: fc.record({ ...on("deliver"), message: number }) },
  { weight: 3, arbitrary: fc.record(on("deliver all")) },
  { weight: 1, arbitrary: fc.record({ ...on("duplicate"), message: number }) },
  { weight: 6, arbitrary: fc.record({ ...on("pass"), ms: fc.constantFrom(1, 5, 15, 40) }) },
  { weight: 4, arbitrary: fc.record(on("sweep")) },
);

/** A run with two servers that may each have several calls under way. */
export const ebbAndFlow: fc.Arbitrary<Run> = fc.record({
  config: fc.integer({ min: 1, max: 3 }).map((tickets) => ({
    servers: 2,
    tickets,
    buffer: tickets,
    sale: {
      saleId: "sale",
      tickets,
      holdMs: HOLD_MS,
      graceMs: 0,
      maxPerBuyer: 0,
      latePayment: "lazy",
      retainMs: 1_000_000,
    },
    rules: {
      refill: "on-demand",
      pollMs: 30,
      callTimeoutMs: 100,
      requestLifetimeMs: 300,
      settleMs: 40,
      batchMax: 1,
      inflightMax: 8,
      waitingMax: 6,
      liveMs: 500,
    },
  })),
  operations: fc.array(operation, { minLength: 60, maxLength: 120, size: "max" }),
});
