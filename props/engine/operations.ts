/**
 * What can happen to a sale, as plain data: a run is a configuration and a list of operations, so
 * that fast-check can shrink it. Servers, requests, payments and messages are named by numbers that
 * the world takes modulo how many there are; an operation that finds nothing to act on does nothing.
 */
import * as fc from "fast-check";
import type { SaleRules, ServerRules } from "../../core/strategy.ts";

export type Operation =
  /** A new buyer's request. */
  | { readonly do: "buy"; readonly server: number; readonly buyer: number; readonly qty: number }
  /** The same id again, perhaps through another server, perhaps for another quantity. */
  | {
      readonly do: "buy again";
      readonly request: number;
      readonly server: number;
      readonly isChanged: boolean;
    }
  | { readonly do: "query"; readonly request: number; readonly server: number }
  | { readonly do: "cancel"; readonly request: number; readonly server: number }
  /** Charges whoever was told that he holds a ticket, even twice. */
  | { readonly do: "pay"; readonly request: number; readonly server: number }
  | { readonly do: "deliver payment again"; readonly payment: number; readonly server: number }
  /** The provider says the same payment for another request: that is not two tickets. */
  | {
      readonly do: "pay for another";
      readonly payment: number;
      readonly request: number;
      readonly server: number;
    }
  /** A call reaches the counter and runs, or its reply reaches the server. */
  | { readonly do: "deliver"; readonly message: number }
  | { readonly do: "deliver all" }
  | { readonly do: "lose"; readonly message: number }
  | { readonly do: "duplicate"; readonly message: number }
  /** The counter cannot run a call, and says so. */
  | { readonly do: "refuse"; readonly message: number; readonly error: string }
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "crash"; readonly server: number }
  | { readonly do: "start"; readonly server: number }
  /** The process stands still, as after SIGSTOP; what comes meanwhile waits for it. */
  | { readonly do: "pause"; readonly server: number }
  /** It goes on, and reads what came before or after its timers fire. */
  | { readonly do: "resume"; readonly server: number; readonly isReadFirst: boolean }
  | { readonly do: "drain"; readonly server: number }
  | { readonly do: "sweep" }
  /** An order worker moves events into the order book, and may die before it acknowledges. */
  | { readonly do: "record"; readonly dies: boolean }
  /** The organiser adds tickets, or takes back some that nobody has. */
  | { readonly do: "resize"; readonly by: number }
  /** What was paid with this payment, and said to be, is taken back. */
  | { readonly do: "refund"; readonly payment: number }
  /** A payment that is made, and arrives, that long after the deadline; negative: before it. */
  | {
      readonly do: "pay at the deadline";
      readonly request: number;
      readonly server: number;
      readonly offsetMs: number;
    };

export interface RunConfig {
  readonly servers: number;
  readonly tickets: number;
  readonly buffer: number;
  /** Shares of the slices; absent: all equal. */
  readonly weights?: readonly number[];
  readonly sale: SaleRules;
  readonly rules: ServerRules;
}

export interface Run {
  readonly config: RunConfig;
  readonly operations: readonly Operation[];
}

const GRACE_MS = 60;

const number = fc.nat(50);
const on = <D extends string>(name: D) => ({ do: fc.constant(name) });

/** Everything but the organiser's own doings. */
export const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      ...on("buy"),
      server: fc.nat(3),
      buyer: fc.nat(3),
      qty: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...on("buy again"),
      request: number,
      server: fc.nat(3),
      isChanged: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ ...on("query"), request: number, server: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ ...on("cancel"), request: number, server: fc.nat(3) }) },
  { weight: 5, arbitrary: fc.record({ ...on("pay"), request: number, server: fc.nat(3) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      ...on("deliver payment again"),
      payment: number,
      server: fc.nat(3),
    }),
  },
  { weight: 14, arbitrary: fc.record({ ...on("deliver"), message: number }) },
  { weight: 8, arbitrary: fc.record(on("deliver all")) },
  { weight: 2, arbitrary: fc.record({ ...on("lose"), message: number }) },
  { weight: 1, arbitrary: fc.record({ ...on("duplicate"), message: number }) },
  {
    weight: 1,
    arbitrary: fc.record({
      ...on("refuse"),
      message: number,
      error: fc.constantFrom("OOM", "LOADING", "ERR"),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ ...on("pass"), ms: fc.constantFrom(1, 10, 31, 60, 101, 250, 470) }),
  },
  { weight: 1, arbitrary: fc.record({ ...on("crash"), server: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ ...on("start"), server: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ ...on("pause"), server: fc.nat(3) }) },
  {
    weight: 3,
    arbitrary: fc.record({ ...on("resume"), server: fc.nat(3), isReadFirst: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ ...on("drain"), server: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record(on("sweep")) },
  { weight: 1, arbitrary: fc.record({ ...on("record"), dies: fc.boolean() }) },
);

export const config: fc.Arbitrary<RunConfig> = fc
  .record({
    servers: fc.integer({ min: 2, max: 4 }),
    tickets: fc.integer({ min: 1, max: 8 }),
    buffer: fc.nat(2),
    maxPerBuyer: fc.constantFrom(0, 2, 3),
    latePayment: fc.constantFrom("lazy" as const, "strict" as const, "revive" as const),
    refill: fc.constantFrom("on-demand" as const, "off" as const),
    batchMax: fc.integer({ min: 1, max: 3 }),
    inflightMax: fc.integer({ min: 1, max: 3 }),
    waitingMax: fc.integer({ min: 2, max: 6 }),
  })
  .map(({ servers, tickets, buffer, maxPerBuyer, latePayment, ...rules }) => ({
    servers,
    tickets,
    buffer,
    sale: {
      saleId: "sale",
      tickets,
      holdMs: 400,
      // A strict sale refuses at the deadline, so it has no grace to promise.
      graceMs: latePayment === "strict" ? 0 : GRACE_MS,
      maxPerBuyer,
      latePayment,
      retainMs: 1_000_000,
    },
    rules: {
      ...rules,
      pollMs: 30,
      callTimeoutMs: 100,
      requestLifetimeMs: 300,
      settleMs: 40,
      liveMs: 500,
    },
  }));

export const run: fc.Arbitrary<Run> = fc.record({
  config,
  operations: fc.array(operation, { maxLength: 90, size: "max" }),
});
