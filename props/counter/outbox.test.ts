/** The twin's outbox is a Redis stream with a consumer group: random operations on both. */
import { deepStrictEqual } from "node:assert";
import * as fc from "fast-check";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Outbox } from "../../core/counter/outbox.ts";
import {
  ack,
  appendEvent,
  autoClaim,
  backlog,
  createOutbox,
  readGroup,
  trim,
} from "../../core/counter/outbox.ts";
import type { TestRedis } from "./redis.ts";
import { startRedis } from "./redis.ts";

const GROUP = "orders";
/** Redis measures idle time by its own clock; steps as long as this drown the test's run time. */
const STEP_MS = 3_600_000;

let redis: TestRedis<Redis>;

beforeAll(async () => {
  redis = await startRedis();
});

afterAll(() => redis.stop());

type Operation =
  | { readonly kind: "append"; readonly count: number }
  | { readonly kind: "read"; readonly consumer: string; readonly count: number }
  | { readonly kind: "ack"; readonly picks: readonly number[] }
  | {
      readonly kind: "claim";
      readonly consumer: string;
      readonly steps: number;
      readonly count: number;
    }
  | { readonly kind: "trim" };

const consumer = fc.constantFrom("w1", "w2");
const count = fc.integer({ min: 1, max: 4 });
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("append" as const), count }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("read" as const), consumer, count }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("ack" as const),
      picks: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("claim" as const),
      consumer,
      steps: fc.integer({ min: 0, max: 3 }),
      count,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("trim" as const) }) },
);

/** A stream whose n-th entry is `n-0`, so that positions compare with the twin's. */
class RealOutbox {
  readonly #client: Redis;
  readonly #key: string;
  /** When Redis should believe that it delivered an entry. */
  readonly #deliveredMs = new Map<string, number>();
  #appended = 0;
  lastDelivered = "0";

  constructor(client: Redis, key: string) {
    this.#client = client;
    this.#key = key;
  }

  async create(): Promise<void> {
    await this.#client.xgroup("CREATE", this.#key, GROUP, "0", "MKSTREAM");
  }

  async append(): Promise<void> {
    this.#appended += 1;
    await this.#client.xadd(this.#key, `${this.#appended}-0`, "kind", "H");
  }

  async read(consumer: string, count: number, nowMs: number): Promise<string[]> {
    const reply = await this.#client.xreadgroup(
      ...(["GROUP", GROUP, consumer, "COUNT", count, "STREAMS", this.#key, ">"] as const),
    );
    const [[, entries]] = (reply ?? [["", []]]) as [string, [string, unknown][]][];
    const ids = entries.map(([id]) => id);
    for (const id of ids) this.#deliveredMs.set(id, nowMs);
    this.lastDelivered = ids.at(-1) ?? this.lastDelivered;
    return ids.map(positionOf);
  }

  ack(positions: readonly string[]): Promise<number> {
    return this.#client.xack(this.#key, GROUP, ...positions.map((n) => `${n}-0`));
  }

  /** XAUTOCLAIM from 0-0, again from its cursor until there are enough or none are left. */
  async claim(
    consumer: string,
    minIdleMs: number,
    count: number,
    nowMs: number,
  ): Promise<string[]> {
    await this.#setIdleTimes(nowMs);
    const claimed: string[] = [];
    let cursor = "0-0";
    do {
      const wanted = count - claimed.length;
      const reply = await this.#client.xautoclaim(
        ...([this.#key, GROUP, consumer, minIdleMs, cursor, "COUNT", wanted] as const),
      );
      const [next, entries] = reply as [string, [string, unknown][]];
      for (const [id] of entries) {
        this.#deliveredMs.set(id, nowMs);
        claimed.push(id);
      }
      cursor = next;
    } while (cursor !== "0-0" && claimed.length < count);
    return claimed.map(positionOf);
  }

  /** JUSTID: only the idle time changes, neither the owner nor the count. */
  async #setIdleTimes(nowMs: number): Promise<void> {
    for (const [id, owner] of await this.#pendingEntries()) {
      const idleMs = nowMs - this.#deliveredMs.get(id)!;
      await this.#client.xclaim(this.#key, GROUP, owner, 0, id, "IDLE", idleMs, "JUSTID");
    }
  }

  async #pendingEntries(): Promise<[string, string, number, number][]> {
    const reply = await this.#client.xpending(this.#key, GROUP, "-", "+", 1000);
    return reply as [string, string, number, number][];
  }

  async pending(): Promise<[string, string, number][]> {
    const entries = await this.#pendingEntries();
    return entries.map(([id, owner, , deliveries]) => [positionOf(id), owner, deliveries]);
  }

  async trim(): Promise<number> {
    const [lowest] = await this.pending();
    const needed = lowest?.[0] ?? String(Number(positionOf(this.lastDelivered)) + 1);
    return this.#client.xtrim(this.#key, "MINID", `${needed}-0`);
  }

  async positions(): Promise<string[]> {
    const entries = await this.#client.xrange(this.#key, "-", "+");
    return entries.map(([id]) => positionOf(id));
  }
}

function positionOf(id: string): string {
  return id.split("-")[0];
}

async function agreeOn(
  twin: { readonly outbox: Outbox },
  real: RealOutbox,
  operation: Operation,
  nowMs: number,
): Promise<void> {
  switch (operation.kind) {
    case "append":
      for (let i = 0; i < operation.count; i += 1) {
        appendEvent(twin.outbox, "H", "r", 1, "", "");
        await real.append();
      }
      return;
    case "read": {
      const events = readGroup(twin, operation.consumer, operation.count, nowMs);
      deepStrictEqual(
        await real.read(operation.consumer, operation.count, nowMs),
        events.map(({ position }) => position),
      );
      return;
    }
    case "ack": {
      const positions = operation.picks.map(String);
      deepStrictEqual(await real.ack(positions), ack(twin, positions));
      return;
    }
    case "claim": {
      // Half a step: the milliseconds that the test itself takes must not decide.
      const minIdleMs = Math.max(0, operation.steps * STEP_MS - STEP_MS / 2);
      const events = autoClaim(twin, operation.consumer, minIdleMs, operation.count, nowMs);
      deepStrictEqual(
        await real.claim(operation.consumer, minIdleMs, operation.count, nowMs),
        events.map(({ position }) => position),
      );
      return;
    }
    default:
      deepStrictEqual(await real.trim(), trim(twin));
  }
}

test("the outbox and a Redis stream agree", { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(operation, { minLength: 1, maxLength: 40, size: "max" }),
      async (operations) => {
        await redis.client.flushdb();
        const twin = { outbox: createOutbox() };
        const real = new RealOutbox(redis.client, "outbox");
        await real.create();
        let nowMs = 0;
        for (const operation of operations) {
          nowMs += STEP_MS;
          await agreeOn(twin, real, operation, nowMs);
          const { events, pending, lastDelivered } = twin.outbox;
          const positions = await real.positions();
          deepStrictEqual(
            positions,
            events.map(({ position }) => position),
          );
          const realPending = await real.pending();
          deepStrictEqual(
            realPending,
            [...pending].map(([n, { consumer, count }]) => [String(n), consumer, count]),
          );
          const unread = positions.filter((n) => Number(n) > lastDelivered).length;
          expect(backlog(twin)).toBe(realPending.length + unread);
        }
      },
    ),
    { numRuns: 60, seed: 12306 },
  );
});

test("an event is claimed once it has been idle for minIdleMs, and not before", () => {
  const twin = { outbox: createOutbox() };
  appendEvent(twin.outbox, "H", "a", 2, "ann", "");
  expect(backlog(twin)).toBe(1);
  const [event] = readGroup(twin, "dead", 10, 1000);
  expect(event).toEqual({ position: "1", kind: "H", id: "a", qty: 2, buyer: "ann", paymentId: "" });
  expect(readGroup(twin, "live", 10, 1000)).toEqual([]);
  expect(autoClaim(twin, "live", 500, 10, 1499)).toEqual([]);
  expect(autoClaim(twin, "live", 500, 10, 1500)).toEqual([event]);
  expect(autoClaim(twin, "live", 500, 10, 1999)).toEqual([]);
  expect(twin.outbox.pending.get(1)).toEqual({ consumer: "live", deliveredMs: 1500, count: 2 });
});

test("trim keeps what is pending or not yet read, and everything above it", () => {
  const twin = { outbox: createOutbox() };
  for (const id of ["a", "b", "c", "d"]) appendEvent(twin.outbox, "H", id, 1, "", "");
  readGroup(twin, "worker", 3, 0);
  expect(trim(twin)).toBe(0);
  expect(ack(twin, ["1", "3", "3", "9"])).toBe(2);
  expect(trim(twin)).toBe(1);
  expect(twin.outbox.events.map(({ id }) => id)).toEqual(["b", "c", "d"]);
  expect(ack(twin, ["2"])).toBe(1);
  expect(trim(twin)).toBe(2);
  expect(backlog(twin)).toBe(1);
  expect(readGroup(twin, "worker", 3, 0).map(({ id, position }) => id + position)).toEqual(["d4"]);
  expect(ack(twin, ["4"])).toBe(1);
  expect(trim(twin)).toBe(1);
  expect(backlog(twin)).toBe(0);
  appendEvent(twin.outbox, "H", "e", 1, "", "");
  expect(twin.outbox.events[0].position).toBe("5");
});
