/** The outbox on a real Redis: order workers, trimming, and the log that misses nothing. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { OutboxEvent } from "../../core/counter/calls.ts";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import { connectRedis } from "./connection.ts";
import { connectCounter } from "./counter-client.ts";
import type { CounterClient } from "./counter-client.ts";
import { openOutboxLog } from "./outbox-log.ts";
import type { OutboxLog } from "./outbox-log.ts";
import type { StreamEntry } from "./outbox-stream.ts";
import { EPOCH, redisOfTest, reserve } from "./testing/redis-of-test.ts";
import type { RedisOfTest } from "./testing/redis-of-test.ts";

const TIMEOUT_MS = 5000;
/** Longer than a busy machine may take between two calls. */
const IDLE_MS = 1500;

let redis: RedisOfTest;
let saleId = "";
let sales = 0;
let client: CounterClient;

beforeAll(async () => {
  redis = await redisOfTest();
});
afterAll(() => redis.remove());

beforeEach(async () => {
  saleId = `sale-${(sales += 1)}`;
  client = await connectCounter({ address: redis.address, saleId, strategy: preDeduct });
});
afterEach(() => client.close());

async function startSale(total = 10): Promise<void> {
  await client.call({ script: "init", total, epoch: EPOCH }, TIMEOUT_MS);
  await client.call({ script: "open", epoch: EPOCH }, TIMEOUT_MS);
}

async function hold(...ids: string[]): Promise<void> {
  await client.call(reserve(ids), TIMEOUT_MS);
}

const openLog = (): Promise<OutboxLog> =>
  openOutboxLog({ address: redis.address, saleId, strategy: preDeduct });

const idsOf = (events: readonly OutboxEvent[]): string[] => events.map(({ id }) => id);
const positionsOf = (events: readonly OutboxEvent[]): string[] =>
  events.map(({ position }) => position);
const loggedIds = async (log: OutboxLog): Promise<string[]> =>
  idsOf((await log.poll()).map(({ event }) => event));

/** What the stream still has. */
async function idsInStream(): Promise<string[]> {
  const connection = await connectRedis(redis.address);
  const entries = await connection.call("XRANGE", `{${saleId}}:outbox`, "-", "+");
  connection.disconnect();
  return (entries as StreamEntry[]).map(([, [id]]) => id);
}

test("each event goes to one worker, and is done when it is acknowledged", async () => {
  await startSale();
  await hold("a", "b", "c");
  expect(await client.outboxBacklog()).toBe(3);
  const first = await client.readOutbox("w1", 2, TIMEOUT_MS);
  expect(idsOf(first)).toEqual(["a", "b"]);
  expect(idsOf(await client.readOutbox("w2", 2, TIMEOUT_MS))).toEqual(["c"]);
  expect(await client.readOutbox("w2", 2, TIMEOUT_MS)).toEqual([]);
  expect(await client.outboxBacklog()).toBe(3);
  await client.ackOutbox(positionsOf(first), TIMEOUT_MS);
  await client.ackOutbox([], TIMEOUT_MS);
  expect(await client.outboxBacklog()).toBe(1);
});

test("what a dead worker has read is claimed once it has been idle for long enough", async () => {
  await startSale();
  await hold("a", "b", "c");
  const read = await client.readOutbox("dead", 10, TIMEOUT_MS);
  expect(await client.claimOutbox("w2", 60_000, 10, TIMEOUT_MS)).toEqual([]);
  expect(await client.claimOutbox("w2", 0, 2, TIMEOUT_MS)).toEqual(read.slice(0, 2));
  expect(await client.claimOutbox("w2", 0, 10, TIMEOUT_MS)).toEqual(read);
});

test("claiming goes on behind the entries that are not idle yet", async () => {
  await startSale(1000);
  const ids = Array.from({ length: 300 }, (_, i) => `r${i}`);
  await hold(...ids);
  await client.readOutbox("dead", 300, TIMEOUT_MS);
  await sleep(IDLE_MS + 100);
  await client.claimOutbox("w1", 0, 150, TIMEOUT_MS);
  // XAUTOCLAIM looks at ten entries for each one wanted.
  expect(idsOf(await client.claimOutbox("w2", IDLE_MS, 1, TIMEOUT_MS))).toEqual(["r150"]);
});

test("trimming keeps what is pending or not yet read, by any group", async () => {
  await startSale();
  const log = await openLog();
  expect(await log.poll()).toEqual([]);
  await hold("a", "b", "c", "d");
  const [a, b, c] = await client.readOutbox("w1", 3, TIMEOUT_MS);
  await client.ackOutbox(positionsOf([a, c]), TIMEOUT_MS);

  // The log has read nothing yet, so all four stay.
  await client.trimOutbox();
  expect(await loggedIds(log)).toEqual(["a", "b", "c", "d"]);
  // What it was given counts as read when it asks for more.
  expect(await log.poll()).toEqual([]);
  await client.trimOutbox();
  expect(await idsInStream()).toEqual(["b", "c", "d"]);

  await client.ackOutbox(positionsOf([b]), TIMEOUT_MS);
  await client.trimOutbox();
  expect(await idsInStream()).toEqual(["d"]);
  expect(idsOf(await client.readOutbox("w1", 3, TIMEOUT_MS))).toEqual(["d"]);
  await log.close();
});

test("the log has every event in order, with the time of its entry", async () => {
  const log = await openLog();
  expect(await log.poll(), "before there is a sale").toEqual([]);
  await startSale(2500);
  expect(await log.poll()).toEqual([]);
  const ids = Array.from({ length: 2500 }, (_, i) => `r${i}`);
  const beforeMs = Date.now();
  for (let i = 0; i < ids.length; i += 500) await hold(...ids.slice(i, i + 500));
  await client.call({ script: "release", epoch: EPOCH, items: [{ id: "r7" }] }, TIMEOUT_MS);
  const logged = await log.poll();
  expect(idsOf(logged.map(({ event }) => event))).toEqual([...ids, "r7"]);
  expect(logged.at(-1)!.event).toMatchObject({ kind: "L", id: "r7", qty: 1 });
  for (const { atMs } of logged) {
    expect(atMs).toBeGreaterThanOrEqual(beforeMs - 1);
    expect(atMs).toBeLessThanOrEqual(Date.now() + 1);
  }
  await log.close();
});

test("a log that is opened again goes on where the last one was", async () => {
  await startSale();
  const first = await openLog();
  await hold("a");
  expect(await loggedIds(first)).toEqual(["a"]);
  await first.poll();
  await first.close();
  await hold("b");
  const second = await openLog();
  expect(await loggedIds(second)).toEqual(["b"]);
  await second.close();
});
