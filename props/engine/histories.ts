/** Good histories of a counter: what it was asked, at random, and what it rightly answered. */
import * as fc from "fast-check";
import type { CounterAudit, CounterCall, CounterReply } from "../../core/counter/calls.ts";
import { ReferenceCounter } from "./reference-counter.ts";

export interface Exchange {
  readonly atMs: number;
  readonly call: CounterCall;
  readonly reply: CounterReply;
  /** What the whole counter reads after the call. */
  readonly audit: CounterAudit;
}

export interface History {
  readonly tickets: number;
  readonly exchanges: readonly Exchange[];
}

/** Counter time at 0 ms. */
export const COUNTER_START_MS = 1_000_000;

const id = fc.nat(11).map((n) => `r${n}`);
const batchOf = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: 1, maxLength: 3 });

const reserveItem = fc.record({
  id,
  qty: fc.integer({ min: 1, max: 3 }),
  buyer: fc.constantFrom("", "b1", "b2"),
  ttlMs: fc.constant(100),
  maxPerBuyer: fc.constantFrom(0, 3),
  requestDeadlineMs: fc.constantFrom(0, COUNTER_START_MS + 150),
});

const named = <S extends CounterCall["script"]>(script: S) => ({
  script: fc.constant(script),
  epoch: fc.constant(1),
});

export const call: fc.Arbitrary<CounterCall> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      ...named("reserve"),
      server: fc.constant("s1"),
      incarnation: fc.constant(0),
      items: batchOf(reserveItem),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      ...named("confirm"),
      latePayment: fc.constantFrom("lazy" as const, "strict" as const, "revive" as const),
      items: batchOf(fc.record({ id, paymentId: fc.nat(9).map((n) => `p${n}`) })),
    }),
  },
  { weight: 2, arbitrary: fc.record({ ...named("release"), items: batchOf(fc.record({ id })) }) },
  { weight: 1, arbitrary: fc.record({ ...named("refund"), items: batchOf(fc.record({ id })) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      ...named("sweep"),
      limit: fc.integer({ min: 1, max: 3 }),
      graceMs: fc.constant(50),
      retainMs: fc.constant(1_000_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      ...named("resize"),
      newTotal: fc.integer({ min: 4, max: 12 }),
      expectedTotal: fc.integer({ min: 4, max: 12 }),
    }),
  },
);

export const history: fc.Arbitrary<History> = fc
  .record({
    tickets: fc.integer({ min: 4, max: 12 }),
    calls: fc.array(fc.record({ gapMs: fc.nat(40), call }), { maxLength: 40, size: "max" }),
  })
  .map(({ tickets, calls }) => {
    const counter = new ReferenceCounter(tickets);
    let atMs = 0;
    const exchanges = calls.map(({ gapMs, call }) => {
      atMs += gapMs;
      const reply = counter.apply(call, COUNTER_START_MS + atMs);
      return { atMs, call, reply, audit: counter.audit() };
    });
    return { tickets, exchanges };
  });
