/**
 * The twin is the scripts: random sequences of operations run on both, and after each one the
 * reply and the whole state must be equal.
 *
 * ONCEONLY_SEED explores other sequences than the pinned ones.
 */
import { deepStrictEqual } from "node:assert";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Coverage } from "./coverage.ts";
import type { Operation, Run } from "./operations.ts";
import { EPOCH, run } from "./operations.ts";
import type { LoadedScripts } from "./redis-subject.ts";
import { createRedisSubject, loadSteeredScripts } from "./redis-subject.ts";
import type { RunningRedis } from "./redis.ts";
import { startRedis } from "./redis.ts";
import { START_MS } from "./scene.ts";
import type { CounterSubject } from "./subject.ts";
import { createTwinSubject } from "./twin-subject.ts";

const RUNS = 200;
const SEED = Number(process.env["ONCEONLY_SEED"] ?? 12306);

let redis: RunningRedis;
let scripts: LoadedScripts;

beforeAll(async () => {
  redis = await startRedis();
  scripts = await loadSteeredScripts(redis.client);
});

afterAll(() => redis.stop());

test("the twin and Lua on Redis agree on every reply and state", { timeout: 60_000 }, async () => {
  const coverage = new Coverage();
  await fc.assert(
    fc.asyncProperty(run, async (generated) => {
      await redis.client.flushdb();
      const real = createRedisSubject(redis.client, scripts, "sale");
      await agree(createTwinSubject(), real, generated, coverage);
    }),
    { numRuns: RUNS, seed: SEED },
  );
  expect(coverage.unknown()).toEqual([]);
  expect(coverage.missing(), "answers that never occurred").toEqual([]);
});

async function agree(
  twin: CounterSubject,
  real: CounterSubject,
  { start, total, operations }: Run,
  coverage: Coverage,
): Promise<void> {
  let nowMs = START_MS;
  for (const operation of [...startOf(start, total), ...operations]) {
    if (operation.kind === "call") {
      nowMs += operation.stepMs;
      const expected = await twin.apply(operation.call, nowMs);
      deepStrictEqual(await real.apply(operation.call, nowMs), expected);
      coverage.see(operation.call, expected);
    } else {
      await disturb(twin, operation);
      await disturb(real, operation);
    }
    deepStrictEqual(await real.snapshot(), await twin.snapshot());
  }
}

function startOf(start: Run["start"], total: number): Operation[] {
  const init: Operation = {
    kind: "call",
    stepMs: 0,
    call: { script: "init", total, epoch: EPOCH },
  };
  const open: Operation = { kind: "call", stepMs: 0, call: { script: "open", epoch: EPOCH } };
  return start === "nothing" ? [] : start === "initialised" ? [init] : [init, open];
}

function disturb(
  subject: CounterSubject,
  operation: Exclude<Operation, { kind: "call" }>,
): Promise<void> {
  switch (operation.kind) {
    case "lose the sale":
      return subject.loseSale();
    case "set the clock offset":
      return subject.setClockOffset(operation.offsetMs);
    default:
      return subject.addStrayDeadline(operation.id, operation.deadlineMs);
  }
}
