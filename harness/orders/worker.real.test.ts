import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import seedrandom from "seedrandom";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { CounterCall, CounterReply, ReserveItem } from "../../core/counter/calls.ts";
import { applyDatabase, createDatabase } from "../../core/orders/database.ts";
import type { OrderDatabase } from "../../core/orders/database.ts";
import type { WorkerConfig } from "../../core/orders/worker.ts";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import { startChild } from "../processes/child.ts";
import type { Child } from "../processes/child.ts";
import { connectCounter } from "../redis/counter-client.ts";
import type { CounterClient } from "../redis/counter-client.ts";
import { openOutboxLog } from "../redis/outbox-log.ts";
import type { OutboxLog } from "../redis/outbox-log.ts";
import { startRedis } from "../redis/redis-server.ts";
import type { RunningRedis } from "../redis/redis-server.ts";
import { startPostgres } from "./postgres-server.ts";
import type { RunningPostgres } from "./postgres-server.ts";
import { startOrderStore } from "./provision.ts";
import { connectOrderStore } from "./store-client.ts";
import type { OrderStoreAddress, OrderStoreClient } from "./store-client.ts";
import { DATABASES } from "./testing/databases.ts";
import type { OrderWorkerConfig } from "./worker-main.ts";

type Database = (typeof DATABASES)[number];

const EPOCH = 1;
const TIMEOUT_MS = 5000;
const ENTRY = new URL("worker-main.ts", import.meta.url);

const directory = mkdtempSync(join(tmpdir(), "worker-test-"));
let redis: RunningRedis;
let postgres: RunningPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
  mkdirSync(join(directory, "redis"));
  redis = await startRedis({ directory: join(directory, "redis"), persistence: "none" });
});
afterAll(async () => {
  await redis.stop();
  await postgres.stop();
  rmSync(directory, { recursive: true });
});

/** A sale on the real parts, without ticket servers: the test reserves and pays itself. */
class Sale {
  static #count = 0;
  readonly id: string;
  readonly counter: CounterClient;
  readonly log: OutboxLog;
  readonly orders: OrderStoreClient;
  /** The model, which has every event once and in order. */
  readonly model: OrderDatabase;
  readonly #address: OrderStoreAddress;
  #workers = 0;

  private constructor(
    id: string,
    counter: CounterClient,
    log: OutboxLog,
    orders: OrderStoreClient,
    address: OrderStoreAddress,
    tickets: number,
  ) {
    this.id = id;
    this.counter = counter;
    this.log = log;
    this.orders = orders;
    this.#address = address;
    this.model = createDatabase(tickets);
  }

  static async open(tickets: number, database: Database = "PostgreSQL"): Promise<Sale> {
    Sale.#count += 1;
    const id = `sale-${Sale.#count}`;
    const db = database === "PGlite" ? "pglite" : postgres.url;
    const store = await startOrderStore({ db, saleId: id, tickets, directory });
    onTestFinished(() => store.stop());
    const orders = await connectOrderStore(store.address);
    onTestFinished(() => orders.close());
    const sale = { address: redis.address, saleId: id, strategy: preDeduct };
    const counter = await connectCounter(sale);
    onTestFinished(() => counter.close());
    await counter.call({ script: "init", total: tickets, epoch: EPOCH }, TIMEOUT_MS);
    const log = await openOutboxLog(sale);
    onTestFinished(() => log.close());
    await log.poll();
    await counter.call({ script: "open", epoch: EPOCH }, TIMEOUT_MS);
    return new Sale(id, counter, log, orders, store.address, tickets);
  }

  call(call: CounterCall): Promise<CounterReply> {
    return this.counter.call(call, TIMEOUT_MS);
  }

  reserve(items: readonly Partial<ReserveItem>[]): Promise<CounterReply> {
    const item = { id: "", qty: 1, buyer: "", ttlMs: 60_000, maxPerBuyer: 0, requestDeadlineMs: 0 };
    return this.call({
      script: "reserve",
      epoch: EPOCH,
      server: "server-1",
      incarnation: 0,
      items: items.map((wanted) => ({ ...item, ...wanted })),
    });
  }

  async startWorker(
    worker: Partial<WorkerConfig> = {},
    more: Partial<OrderWorkerConfig> = {},
  ): Promise<Child<unknown>> {
    this.#workers += 1;
    const name = `worker-${this.#workers}`;
    const config: OrderWorkerConfig = {
      worker: {
        name,
        epoch: EPOCH,
        graceMs: 0,
        retainMs: 3_600_000,
        batchMax: 7,
        pollMs: 10,
        claimIdleMs: 300,
        sweepMs: 20,
        sweepLimit: 10,
        callTimeoutMs: 1000,
        ...worker,
      },
      redis: redis.address,
      saleId: this.id,
      strategy: "pre-deduct",
      orderStore: this.#address,
      trimMs: 50,
      ...more,
    };
    const child = await startChild({ name, entry: ENTRY, config, directory });
    onTestFinished(async () => {
      child.signal("SIGKILL");
      await child.exited;
    });
    return child;
  }

  /** Waits until the workers have finished with everything that the counter has emitted. */
  async settled(): Promise<OrderDatabase> {
    await expect
      .poll(() => this.counter.outboxBacklog(), { timeout: 120_000, interval: 50 })
      .toBe(0);
    const events = (await this.log.poll()).map(({ event }) => event);
    applyDatabase(this.model, { call: "record", events });
    return this.orders.dump();
  }
}

/** A book without what depends on how often workers tried. */
function bookOf({ orders, refunds }: OrderDatabase): unknown {
  return { orders, refunds };
}

describe.each(DATABASES)("on %s,", (database) => {
  test("a worker that dies between commit and acknowledgement leaves one order each", async () => {
    const sale = await Sale.open(100, database);
    const ids = Array.from({ length: 50 }, (_, i) => ({ id: `r${i}` }));
    await sale.reserve(ids);
    const dying = await sale.startWorker({ batchMax: 50 }, { diesAfterCommit: true });
    expect(await dying.exited).toBe(null);
    expect((await sale.orders.dump()).orders.size).toBe(50);
    expect(await sale.counter.outboxBacklog()).toBe(50);

    await sale.startWorker();
    const book = await sale.settled();
    expect(bookOf(book)).toEqual(bookOf(sale.model));
    expect(book.orders.size).toBe(50);
  });

  test(
    "workers killed at random moments of a sale: one order for each reservation",
    { timeout: 240_000 },
    async () => {
      const random = seedrandom("12306");
      const sale = await Sale.open(10_000, database);
      const until = new AbortController();
      let reserved = 0;

      /** Some reservations expire, some are given back, some are paid, some too late. */
      const selling = (async () => {
        for (let batch = 0; !until.signal.aborted; batch += 1) {
          const items = Array.from({ length: 4 }, (_, i) => ({
            id: `r${batch}-${i}`,
            qty: 1 + (i % 2),
            buyer: `b${batch % 50}`,
            ttlMs: i < 2 ? 200 : 60_000,
          }));
          const { results } = await sale.reserve(items);
          reserved += results.filter(({ code }) => code === "OK").length;
          const earlier = `r${Math.max(0, batch - 40)}`;
          const payments = [0, 2].map((i) => ({
            id: `${earlier}-${i}`,
            paymentId: `${earlier}-${i}`,
          }));
          await sale.call({
            script: "confirm",
            epoch: EPOCH,
            latePayment: "revive",
            items: [...payments, { id: `${earlier}-2`, paymentId: `again-${earlier}` }],
          });
          await sale.call({ script: "release", epoch: EPOCH, items: [{ id: `${earlier}-3` }] });
          if (batch % 3 === 0) {
            await sale.call({ script: "refund", epoch: EPOCH, items: [{ id: `${earlier}-2` }] });
          }
          await sleep(8);
        }
      })();

      for (let kill = 0; kill < 5; kill += 1) {
        const [victim, other] = await Promise.all([sale.startWorker(), sale.startWorker()]);
        await sleep(30 + 300 * random());
        victim.signal(kill % 2 === 0 ? "SIGKILL" : "SIGUSR2");
        other.signal("SIGKILL");
        expect(await victim.exited).toBe(null);
      }
      until.abort();
      await selling;
      await sale.startWorker({ batchMax: 100, callTimeoutMs: 10_000 });
      // Until the last hold of 200 ms has expired and been swept.
      await sleep(500);

      const book = await sale.settled();
      expect(bookOf(book)).toEqual(bookOf(sale.model));
      expect(book.orders.size).toBe(reserved);
      // The sale had every kind of event, or it has shown little.
      const states = new Set([...book.orders.values()].map(({ state }) => state));
      expect([...states].toSorted()).toEqual(["C", "H", "L", "R", "X"]);
      expect(book.refunds.size).toBeGreaterThan(0);
    },
  );
});

test("SIGUSR2 has it die after its next commit, and not before", async () => {
  const sale = await Sale.open(100);
  const worker = await sale.startWorker();
  worker.signal("SIGUSR2");
  const whatever = Symbol("it lives");
  expect(await Promise.race([worker.exited, sleep(300, whatever)])).toBe(whatever);
  await sale.reserve([{ id: "a" }]);
  expect(await worker.exited).toBe(null);
  expect((await sale.orders.dump()).orders.has("a")).toBe(true);
  expect(await sale.counter.outboxBacklog()).toBe(1);
});

test("SIGTERM: it finishes what it has read, and acknowledges it", async () => {
  const sale = await Sale.open(1000);
  const worker = await sale.startWorker({ batchMax: 1, pollMs: 1 });
  const reserving = (async () => {
    for (let i = 0; i < 100; i += 1) await sale.reserve([{ id: `r${i}` }]);
  })();
  await expect.poll(async () => (await sale.orders.dump()).orders.size).toBeGreaterThan(5);
  worker.signal("SIGTERM");
  expect(await worker.exited).toBe(0);
  await reserving;
  const events = (await sale.log.poll()).length;
  const { orders } = await sale.orders.dump();
  expect(await sale.counter.outboxBacklog()).toBe(events - orders.size);
});

test("the outbox is trimmed as far as everybody has read", async () => {
  const sale = await Sale.open(100);
  const stream = new Redis(redis.address.port, redis.address.host);
  onTestFinished(() => stream.disconnect());
  const key = preDeduct.counter.redis!.outboxKey(sale.id)!;
  await sale.reserve(Array.from({ length: 50 }, (_, i) => ({ id: `r${i}` })));
  await sale.startWorker();
  await expect.poll(() => sale.counter.outboxBacklog()).toBe(0);
  await sleep(200);
  expect(await stream.xlen(key)).toBe(50);
  expect(await sale.log.poll()).toHaveLength(50);
  // The log's reader has what it was given once he asks for more.
  expect(await sale.log.poll()).toHaveLength(0);
  await expect.poll(() => stream.xlen(key)).toBe(0);
});
