import { describe, expect, test } from "vitest";
import type { OutboxEvent } from "../counter/calls.ts";
import { changeOf } from "../testing/change.ts";
import { reply } from "../testing/replies.ts";
import type { WorkerConfig, WorkerEffect, WorkerInput, WorkerState } from "./worker.ts";
import { createWorker, workerStep } from "./worker.ts";

const CONFIG: WorkerConfig = {
  name: "w1",
  epoch: 7,
  graceMs: 500,
  retainMs: 60_000,
  batchMax: 10,
  pollMs: 20,
  claimIdleMs: 3000,
  sweepMs: 200,
  sweepLimit: 2,
  callTimeoutMs: 1000,
};

const EVENTS: readonly OutboxEvent[] = [
  { position: "1-0", kind: "H", id: "a", qty: 1, buyer: "b1", paymentId: "" },
  { position: "2-0", kind: "C", id: "a", qty: 1, buyer: "b1", paymentId: "p" },
];

const READ = { type: "read-outbox", consumer: "w1", count: 10, timeoutMs: 1000 } as const;
const POLL: WorkerEffect = { type: "timer", timer: "poll", afterMs: 20 };
const SWEEP_LATER: WorkerEffect = { type: "timer", timer: "sweep", afterMs: 200 };

const claim = (op: number): WorkerEffect => ({ ...READ, op, claimIdleMs: 3000 });
const readNew = (op: number): WorkerEffect => ({ ...READ, op, claimIdleMs: 0 });
const record = (op: number): WorkerEffect => ({
  type: "call-database",
  op,
  call: { call: "record", events: EVENTS },
  timeoutMs: 1000,
});
const acknowledge = (op: number): WorkerEffect => ({
  type: "ack-outbox",
  op,
  positions: ["1-0", "2-0"],
  timeoutMs: 1000,
});
const sweep = (op: number, epoch = 7): WorkerEffect => ({
  type: "call-counter",
  op,
  call: { script: "sweep", epoch, limit: 2, graceMs: 500, retainMs: 60_000 },
  timeoutMs: 1000,
});

const found = (op: number, events = EVENTS): WorkerInput => ({ type: "outbox-events", op, events });
const nothing = (op: number): WorkerInput => found(op, []);
const committed = (op: number): WorkerInput => ({ type: "database-reply", op });
const acked = (op: number): WorkerInput => ({ type: "acked", op });
const failed = (op: number): WorkerInput => ({ type: "failed", op });
const swept = (op: number, count: number): WorkerInput => ({
  type: "counter-reply",
  op,
  reply: reply({ swept: Array.from({ length: count }, (_, i) => ({ id: `x${i}`, qty: 1 })) }),
});
const fires = (timer: "poll" | "sweep"): WorkerInput => ({ type: "timer", timer });

/** A worker that has started: the claim is operation 1, the sweep operation 2. */
function started(...inputs: readonly WorkerInput[]): WorkerState {
  const state = createWorker(CONFIG);
  for (const input of [{ type: "start" } as const, ...inputs]) workerStep(state, input, []);
  return state;
}

function stepOf(state: WorkerState, input: WorkerInput) {
  const effects: WorkerEffect[] = [];
  const changed = changeOf(state, () => workerStep(state, input, effects));
  return { effects, changed };
}

const NOTHING = { effects: [], changed: {} };

test("a worker starts with a claim and a sweep", () => {
  const state = createWorker(CONFIG);
  expect(state).toEqual({
    config: CONFIG,
    epoch: 7,
    nextOp: 1,
    cycleOp: 0,
    sweepOp: 0,
    events: [],
    claiming: false,
  });
  expect(stepOf(state, { type: "start" })).toEqual({
    effects: [claim(1), sweep(2)],
    changed: { nextOp: 3, cycleOp: 1, sweepOp: 2, claiming: true },
  });
});

describe("one cycle", () => {
  test("reads, records in one transaction, acknowledges after the commit, reads again", () => {
    const state = started();
    expect(stepOf(state, found(1))).toEqual({
      effects: [record(3)],
      changed: { nextOp: 4, cycleOp: 3, events: EVENTS },
    });
    expect(stepOf(state, committed(3))).toEqual({
      effects: [acknowledge(4)],
      changed: { nextOp: 5, cycleOp: 4 },
    });
    expect(stepOf(state, acked(4))).toEqual({
      effects: [readNew(5)],
      changed: { nextOp: 6, cycleOp: 5, claiming: false },
    });
  });

  test("alternates: after a read with a find comes a claim", () => {
    const state = started(nothing(1), found(3), committed(4));
    expect(stepOf(state, acked(5)).effects).toEqual([claim(6)]);
  });

  test("nothing to claim: reads what is new", () => {
    expect(stepOf(started(), nothing(1))).toEqual({
      effects: [readNew(3)],
      changed: { nextOp: 4, cycleOp: 3, claiming: false },
    });
  });

  test("nothing to read either: waits for the poll, then claims", () => {
    const state = started(nothing(1));
    expect(stepOf(state, nothing(3))).toEqual({ effects: [POLL], changed: { cycleOp: 0 } });
    expect(stepOf(state, fires("poll"))).toEqual({
      effects: [claim(4)],
      changed: { nextOp: 5, cycleOp: 4, claiming: true },
    });
  });
});

describe("a failure at any stage waits for the poll; what was lost comes again", () => {
  test.each<[string, WorkerInput[], number, WorkerInput]>([
    ["reading", [], 1, found(1)],
    ["recording", [found(1)], 3, committed(3)],
    ["acknowledging", [found(1), committed(3)], 4, acked(4)],
  ])("%s, and a reply that comes later is ignored", (_what, before, op, late) => {
    const state = started(...before);
    expect(stepOf(state, failed(op))).toEqual({ effects: [POLL], changed: { cycleOp: 0 } });
    expect(stepOf(state, late)).toEqual(NOTHING);
    expect(stepOf(state, failed(op))).toEqual(NOTHING);
    expect(stepOf(state, fires("poll")).effects).toEqual([readNew(state.nextOp - 1)]);
  });

  test.each<[string, WorkerInput[], WorkerInput]>([
    ["events of another operation", [], found(9)],
    ["a commit of another operation", [found(1)], committed(1)],
    ["an acknowledgement of another operation", [found(1), committed(3)], acked(3)],
    ["a sweep of another operation", [], swept(1, 2)],
    ["a failure of another operation", [], failed(9)],
  ])("%s is ignored", (_what, before, input) => {
    expect(stepOf(started(...before), input)).toEqual(NOTHING);
  });
});

describe("sweeping", () => {
  test("goes on at once while there is more, for the limit was reached", () => {
    expect(stepOf(started(), swept(2, 2))).toEqual({
      effects: [sweep(3)],
      changed: { nextOp: 4, sweepOp: 3 },
    });
  });

  test.each([0, 1])("%i swept of at most 2: waits", (count) => {
    const state = started();
    expect(stepOf(state, swept(2, count))).toEqual({
      effects: [SWEEP_LATER],
      changed: { sweepOp: 0 },
    });
    expect(stepOf(state, fires("sweep"))).toEqual({
      effects: [sweep(3)],
      changed: { nextOp: 4, sweepOp: 3 },
    });
  });

  test("waits after a failure", () => {
    expect(stepOf(started(), failed(2))).toEqual({
      effects: [SWEEP_LATER],
      changed: { sweepOp: 0 },
    });
  });

  test("a reply that comes after the failure starts no second round", () => {
    const state = started();
    stepOf(state, failed(2));
    expect(stepOf(state, swept(2, 2))).toEqual({ effects: [], changed: {} });
  });

  test("FENCED brings the epoch for the next sweep", () => {
    const state = started();
    const fenced = reply({ code: "FENCED", epoch: 8 });
    expect(stepOf(state, { type: "counter-reply", op: 2, reply: fenced })).toEqual({
      effects: [SWEEP_LATER],
      changed: { epoch: 8, sweepOp: 0 },
    });
    expect(stepOf(state, fires("sweep")).effects).toEqual([sweep(3, 8)]);
  });

  test("any other reply leaves the epoch alone", () => {
    const other = reply({ epoch: 8 });
    expect(stepOf(started(), { type: "counter-reply", op: 2, reply: other }).changed).toEqual({
      sweepOp: 0,
    });
  });
});
