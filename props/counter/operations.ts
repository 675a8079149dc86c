/**
 * Random sequences of what can happen to a counter. Few ids, buyers and payments, so that they
 * meet; times in which holds fall due; every operation plain data, so that fast-check can shrink.
 */
import * as fc from "fast-check";
import type { CounterCall } from "../../core/counter/calls.ts";
import { START_MS } from "./scene.ts";

export type Operation =
  | { readonly kind: "call"; readonly stepMs: number; readonly call: CounterCall }
  | { readonly kind: "lose the sale" }
  | { readonly kind: "set the clock offset"; readonly offsetMs: number }
  | { readonly kind: "add a stray deadline"; readonly id: string; readonly deadlineMs: number };

/** How far a sale has come before the random part. */
export type Start = "nothing" | "initialised" | "open";

export interface Run {
  readonly start: Start;
  readonly total: number;
  readonly operations: readonly Operation[];
}

export const EPOCH = 3;

type Weighted<T> = { readonly weight: number; readonly arbitrary: fc.Arbitrary<T> };

function mostly<T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return oneOf([
    { weight: 40, arbitrary: usual },
    { weight: 1, arbitrary: rare },
  ]);
}

function oneOf<T>(choices: readonly Weighted<T>[]): fc.Arbitrary<T> {
  return fc.oneof(...choices);
}

const notANumber = fc.constantFrom(0, -1, 1.5, 1e9, 1e15, Number.NaN);
const notAName = fc.constantFrom("", "a b", "a|b", "ü", "x".repeat(129));

const id = mostly(fc.constantFrom("a", "b", "c", "d", "e", "f"), notAName);
const buyer = mostly(fc.constantFrom("", "ann", "bob"), notAName);
const paymentId = mostly(fc.constantFrom("p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8"), notAName);
const server = mostly(fc.constantFrom("s1", "s2", "s3"), notAName);
const qty = mostly(fc.constantFrom(1, 1, 2, 3), notANumber);
const ttlMs = mostly(fc.constantFrom(1, 20, 50), notANumber);
const count = (...values: number[]): fc.Arbitrary<number> =>
  mostly(fc.constantFrom(...values), notANumber);
const epoch = oneOf([
  { weight: 20, arbitrary: fc.constant(EPOCH) },
  { weight: 1, arbitrary: fc.constantFrom(EPOCH - 1, EPOCH + 1, -1, 0.5) },
]);
const total = mostly(fc.integer({ min: 2, max: 6 }), notANumber);

const requestDeadlineMs = oneOf([
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: START_MS, max: START_MS + 300 }) },
]);
const reserveItem = fc.record({
  id,
  qty,
  buyer,
  ttlMs,
  maxPerBuyer: count(0, 1, 2, 3),
  requestDeadlineMs,
});

const items = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  oneOf([
    { weight: 30, arbitrary: fc.array(item, { minLength: 1, maxLength: 4 }) },
    { weight: 1, arbitrary: fc.constant([]) },
  ]);
const ids = items(fc.record({ id }));
const reason = mostly(fc.constantFrom("", "changed-mind", "fraud"), notAName);

function script<S extends CounterCall["script"]>(name: S): fc.Arbitrary<S> {
  return fc.constant(name);
}

const call: fc.Arbitrary<CounterCall> = oneOf<CounterCall>([
  { weight: 2, arbitrary: fc.record({ script: script("init"), total, epoch }) },
  { weight: 2, arbitrary: fc.record({ script: script("open"), epoch }) },
  {
    weight: 12,
    arbitrary: fc.record({
      script: script("reserve"),
      epoch,
      server,
      incarnation: count(0, 1, 2),
      items: items(reserveItem),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      script: script("confirm"),
      epoch,
      latePayment: mostly(
        fc.constantFrom("lazy", "strict", "revive"),
        fc.constant("never" as "lazy"),
      ),
      items: items(fc.record({ id, paymentId })),
    }),
  },
  { weight: 4, arbitrary: fc.record({ script: script("release"), epoch, reason, items: ids }) },
  { weight: 6, arbitrary: fc.record({ script: script("refund"), epoch, reason, items: ids }) },
  { weight: 2, arbitrary: fc.record({ script: script("settle"), epoch, items: ids }) },
  { weight: 2, arbitrary: fc.record({ script: script("grant"), epoch, server, liveMs: ttlMs }) },
  {
    weight: 6,
    arbitrary: fc.record({
      script: script("sweep"),
      epoch,
      limit: count(1, 2, 100),
      graceMs: count(0, 10),
      retainMs: count(0, 40, 200),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      script: script("resize"),
      epoch,
      newTotal: total,
      expectedTotal: total,
    }),
  },
  { weight: 1, arbitrary: fc.record({ script: script("audit") }) },
]);

const operation: fc.Arbitrary<Operation> = oneOf<Operation>([
  {
    weight: 100,
    arbitrary: fc.record({
      kind: fc.constant("call"),
      // Mostly forwards; sometimes the clock of Redis is set back.
      stepMs: fc.constantFrom(0, 0, 1, 5, 10, 20, 50, -30),
      call,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("lose the sale") }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("set the clock offset"),
      offsetMs: fc.constantFrom(-100, 0, 25),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("add a stray deadline"),
      id: fc.constantFrom("a", "b", "c", "zz"),
      deadlineMs: fc.integer({ min: START_MS, max: START_MS + 200 }),
    }),
  },
]);

export const run: fc.Arbitrary<Run> = fc.record({
  start: fc.constantFrom<Start>("nothing", "initialised", "open", "open", "open", "open"),
  total: fc.integer({ min: 2, max: 6 }),
  operations: fc.array(operation, { minLength: 1, maxLength: 60, size: "max" }),
});
