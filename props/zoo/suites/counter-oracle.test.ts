import { beforeEach, describe, expect, test } from "vitest";
import type { CounterCall, CounterReply } from "../../../core/counter/calls.ts";
import { applyCall, createCounter } from "../../../core/counter/twin.ts";
import type { CounterState } from "../../../core/counter/twin.ts";
import { CounterOracle } from "./counter-oracle.ts";
import { firstOfEach } from "./suite.ts";

const EPOCH = 3;
const START_MS = 1_000_000;

let state: CounterState;
let oracle: CounterOracle;

/** The twin runs the call at this counter time, and the oracle hears what `lie` makes of it. */
function run(
  call: CounterCall,
  atMs = 0,
  lie: (reply: CounterReply) => CounterReply = (reply) => reply,
): void {
  oracle.ran(call, lie(applyCall(state, call, START_MS + atMs)), atMs);
}

function reserve(id: string, more: object = {}): CounterCall {
  const terms = { qty: 1, buyer: "", ttlMs: 20, maxPerBuyer: 0, requestDeadlineMs: 0 };
  const items = [{ id, ...terms, ...more }];
  return { script: "reserve", epoch: EPOCH, server: "s1", incarnation: 0, items };
}

function byId(script: "release" | "refund" | "settle", id: string, epoch = EPOCH): CounterCall {
  return { script, epoch, items: [{ id }] };
}

function confirm(id: string, paymentId: string): CounterCall {
  return { script: "confirm", epoch: EPOCH, latePayment: "lazy", items: [{ id, paymentId }] };
}

const SWEEP = { script: "sweep", epoch: EPOCH, limit: 9, graceMs: 5, retainMs: 1e9 } as const;

/** The reply with another result for its one item. */
function instead(change: object): (reply: CounterReply) => CounterReply {
  return (reply) => ({ ...reply, results: [{ ...reply.results[0], ...change }] });
}

function found(): string[] {
  return firstOfEach(oracle.findings).map(({ invariant, detail }) => `${invariant}: ${detail}`);
}

beforeEach(() => {
  state = createCounter();
  applyCall(state, { script: "init", total: 4, epoch: EPOCH }, START_MS);
  applyCall(state, { script: "open", epoch: EPOCH }, START_MS);
  oracle = new CounterOracle({
    total: 4,
    epoch: EPOCH,
    startMs: START_MS,
    graceMs: 5,
    latePayment: "lazy",
    maxPerBuyer: 0,
    operations: [],
  });
});

test("accepts a life of a sale", () => {
  run(reserve("a"));
  run(reserve("a"));
  run(reserve("b", { requestDeadlineMs: START_MS - 1 }));
  run(confirm("a", "p1"), 10);
  run(confirm("a", "p2"), 10);
  run(confirm("z", "p1"), 10);
  run(reserve("c", { qty: 3 }), 12);
  run(byId("settle", "d"), 12);
  run(reserve("d"), 12);
  run(SWEEP, 36);
  run(SWEEP, 37);
  run(byId("refund", "a"), 40);
  run({ script: "resize", epoch: EPOCH, newTotal: 2, expectedTotal: 4 }, 41);
  run(byId("release", "a", EPOCH - 1), 41);
  oracle.delivered(state.outbox.events, 42);
  oracle.recorded(42);
  expect(found()).toEqual([]);
});

describe("a single defect", () => {
  test("an epoch that is over", () => {
    run(byId("settle", "a"));
    run({ ...SWEEP, epoch: EPOCH - 1 }, 1, (reply) => ({ ...reply, code: "OK" }));
    expect(found()).toEqual(["conservation: a sweep of epoch 2 took effect in epoch 3"]);
  });

  test("a quantity that is none", () => {
    oracle.ran(
      reserve("a", { qty: 1.5 }),
      { ...applyCall(state, reserve("a"), START_MS), left: 2.5 },
      0,
    );
    expect(found()).toEqual(["conservation: a reservation of 1.5 tickets was accepted as a"]);
  });

  test("another deadline than was asked for", () => {
    run(reserve("a"), 0, instead({ deadlineMs: START_MS + 20_000 }));
    expect(found()).toEqual(["conservation: a is due in 20000 ms instead of 20"]);
  });

  test("a request refused as late before its time", () => {
    run(reserve("a", { requestDeadlineMs: START_MS - 1 }));
    expect(found()).toEqual([]);
    oracle.ran(reserve("a"), applyCall(state, reserve("b", { requestDeadlineMs: 1 }), START_MS), 0);
    expect(found()).toEqual(["no-undersell: a was refused as late before its request expired"]);
  });

  test.each([
    ["settled", byId("settle", "a")],
    ["released", byId("release", "a")],
    ["paid", confirm("a", "p1")],
  ])("a deduction under an id that was %s as absent", (_, call) => {
    run(call);
    state.rows.clear();
    run(reserve("a"));
    expect(found()).toEqual([
      "unknown-resolved: a was deducted after it had been settled as absent",
    ]);
  });

  test("a settle that denies a reservation", () => {
    run(reserve("a"));
    run(byId("settle", "a"), 1, instead({ state: "D" }));
    expect(found()).toEqual(["unknown-resolved: a was settled as D, but is reserved"]);
  });

  test("a settle that invents a reservation", () => {
    run(byId("settle", "a"), 1, instead({ state: "H" }));
    expect(found()).toEqual(["unknown-resolved: a was settled as H, but is not reserved"]);
  });

  test("a payment that pays for another reservation, too", () => {
    run(reserve("a"));
    run(reserve("b"));
    run(confirm("a", "p1"));
    state.payments.clear();
    run(confirm("b", "p1"));
    expect(found()).toEqual(["one-refund: p1, charged for a, was answered OK for b"]);
  });

  test("a sweep that leaves what is due", () => {
    run(reserve("a"));
    state.deadlines.timeMsOf.clear();
    run(SWEEP, 24);
    expect(found()).toEqual([]);
    run(SWEEP, 25);
    expect(found()).toEqual(["no-undersell: a is due since 0 ms, and a sweep left it held"]);
  });

  test("a resize that goes by an old figure", () => {
    const resize = { script: "resize", epoch: EPOCH, newTotal: 6, expectedTotal: 4 } as const;
    oracle.ran({ ...resize, expectedTotal: 5 }, applyCall(state, resize, START_MS), 0);
    expect(found()).toEqual(["conservation: a resize that expected 5 tickets took effect on 4"]);
  });

  test("a resize below what is sold", () => {
    run(reserve("a", { qty: 3 }));
    const resize = { script: "resize", epoch: EPOCH, newTotal: 2, expectedTotal: 4 } as const;
    run(resize, 1, (reply) => ({ ...reply, code: "OK", left: -1 }));
    expect(found()).toEqual(["no-oversell: a resize left 1 tickets too many sold"]);
  });

  test("stock that grows within a generation", () => {
    run(reserve("a"));
    run(byId("release", "a"), 1, (reply) => ({ ...reply, generation: 0 }));
    expect(found()).toEqual(["latch: release left 4 instead of 3 free in the same generation"]);
  });

  test("an order that is missing", () => {
    run(reserve("a"));
    oracle.recorded(1);
    expect(found()).toEqual(["one-order: reservation a (held) has no order"]);
  });

  test("a refund that is missing", () => {
    run(confirm("a", "p1"));
    oracle.recorded(1);
    expect(found()).toEqual(["one-refund: payment p1 confirmed nothing and has 0 refunds"]);
  });

  test.each([
    [SWEEP, "no-undersell"],
    [confirm("a", "p1"), "no-charge-in-vain"],
    [byId("release", "a"), "unknown-resolved"],
    [byId("settle", "a"), "unknown-resolved"],
    [byId("refund", "a"), "one-refund"],
  ])("%o refused for want of memory", (call, invariant) => {
    oracle.refusedForMemory(call, 1);
    expect(found()).toEqual([`${invariant}: ${call.script} was refused for want of memory`]);
  });
});

test("a reservation may be refused for want of memory", () => {
  oracle.refusedForMemory(reserve("a"), 1);
  expect(found()).toEqual([]);
});
