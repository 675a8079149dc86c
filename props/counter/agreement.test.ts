/**
 * The twin is the scripts: random sequences of operations run on the twin, on a single Redis and on
 * a Redis Cluster, and after each one the reply and the whole state must be equal on all three.
 *
 * ONCEONLY_SEED explores other sequences than the pinned ones.
 */
import { deepStrictEqual } from "node:assert";
import * as fc from "fast-check";
import type { Cluster, Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Coverage } from "./coverage.ts";
import type { Operation, Run } from "./operations.ts";
import { EPOCH, run } from "./operations.ts";
import { createRedisSubject } from "./redis-subject.ts";
import type { TestRedis } from "./redis.ts";
import { startCluster, startRedis } from "./redis.ts";
import { START_MS } from "./scene.ts";
import type { CounterSubject } from "./subject.ts";
import { createTwinSubject } from "./twin-subject.ts";

const RUNS = 200;
const SEED = Number(process.env["ONCEONLY_SEED"] ?? 12306);

let redis: TestRedis<Redis>;
let cluster: TestRedis<Cluster>;

beforeAll(async () => {
  [redis, cluster] = await Promise.all([startRedis(), startCluster()]);
});

afterAll(() => Promise.all([redis.stop(), cluster.stop()]));

test("the twin, Redis and a Redis Cluster agree on every reply and state", async () => {
  const coverage = new Coverage();
  let sales = 0;
  await fc.assert(
    fc.asyncProperty(run, async (generated) => {
      // Another sale each time, which on the Cluster is now on this shard, now on that.
      const saleId = `sale-${(sales += 1)}`;
      const real = [redis, cluster].map(({ client }) => createRedisSubject(client, saleId));
      await agree(createTwinSubject(), real, generated, coverage);
    }),
    { numRuns: RUNS, seed: SEED },
  );
  expect(coverage.unknown()).toEqual([]);
  expect(coverage.missing(), "answers that never occurred").toEqual([]);
  const shards = cluster.client.nodes("master");
  expect(shards.length).toBeGreaterThanOrEqual(2);
  for (const shard of shards) expect(await shard.dbsize()).toBeGreaterThan(0);
});

async function agree(
  twin: CounterSubject,
  real: readonly CounterSubject[],
  { start, total, operations }: Run,
  coverage: Coverage,
): Promise<void> {
  let nowMs = START_MS;
  for (const operation of [...startOf(start, total), ...operations]) {
    if (operation.kind === "call") {
      nowMs += operation.stepMs;
      const expected = await twin.apply(operation.call, nowMs);
      for (const reply of await Promise.all(real.map((it) => it.apply(operation.call, nowMs)))) {
        deepStrictEqual(reply, expected);
      }
      coverage.see(operation.call, expected);
    } else {
      await Promise.all([twin, ...real].map((it) => disturb(it, operation)));
    }
    const expected = await twin.snapshot();
    for (const snapshot of await Promise.all(real.map((it) => it.snapshot()))) {
      deepStrictEqual(snapshot, expected);
    }
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
