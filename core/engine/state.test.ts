import { expect, test } from "vitest";
import { createLatch } from "../latch.ts";
import { CONFIG } from "../testing/rules.ts";
import { createEngine } from "./state.ts";

test("a server starts with slice + buffer, and knows nothing", () => {
  expect(createEngine(CONFIG)).toEqual({
    config: CONFIG,
    quota: 5,
    taken: 0,
    latch: createLatch(),
    epoch: 7,
    counterTimeMs: 0,
    counterHeardMs: 0,
    draining: false,
    unreachableUntilMs: Number.NEGATIVE_INFINITY,
    nextOp: 1,
    flushAsked: false,
    queue: [],
    inflight: new Map(),
    attempts: new Map(),
    unresolved: new Map(),
    kept: new Set(),
    settleTimerSet: false,
    waiting: [],
    grantOp: 0,
  });
});

test("a restarted server starts with quota 0", () => {
  expect(createEngine({ ...CONFIG, incarnation: 1 }).quota).toBe(0);
});
