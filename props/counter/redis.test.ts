/** What only a real Redis can show: memory limits, wrong types, raw arguments, its own clock. */
import type { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CounterCall, ScriptName } from "../../core/counter/calls.ts";
import {
  counterKeys,
  decodeOutboxEntry,
  encodeCall,
  OUTBOX_GROUP,
  SCRIPT_NAMES,
} from "../../core/counter/encoding.ts";
import { counterOnRedis } from "../../core/counter/redis-counter.ts";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import type { CounterClient } from "../../harness/redis/counter-client.ts";
import { counterOn } from "../../harness/redis/counter-client.ts";
import { readScripts } from "../../harness/redis/scripts.ts";
import type { TestRedis } from "./redis.ts";
import { startRedis } from "./redis.ts";
import { reserveItem } from "./scene.ts";

const SALE = "sale";
const KEYS = counterKeys(SALE);
const epoch = 1;

const SCRIPTS = readScripts(counterOnRedis);
const TIMEOUT_MS = 10_000;

let redis: TestRedis<Redis>;
let counter: CounterClient;

const run = (call: CounterCall) => counter.call(call, TIMEOUT_MS);

/** A script with arguments that a caller made by hand. */
const runByHand = (script: ScriptName, argv: readonly string[]) =>
  redis.client.eval(SCRIPTS.get(script)!, KEYS.length, ...KEYS, ...argv);

beforeAll(async () => {
  redis = await startRedis();
  counter = counterOn(redis.client, { saleId: SALE, strategy: preDeduct });
});

afterAll(() => redis.stop());

beforeEach(async () => {
  await redis.client.flushdb();
});

const INIT: CounterCall = { script: "init", total: 10, epoch };
const OPEN: CounterCall = { script: "open", epoch };
const RESIZE: CounterCall = { script: "resize", epoch, newTotal: 11, expectedTotal: 10 };
const GRANT: CounterCall = { script: "grant", epoch, server: "s1", liveMs: 1000 };
const AUDIT: CounterCall = { script: "audit" };

function reserve(...ids: string[]): CounterCall {
  const items = ids.map((id) => reserveItem(id, { ttlMs: 1, buyer: "ann" }));
  return { script: "reserve", epoch, server: "s1", incarnation: 1, items };
}

function confirm(id: string): CounterCall {
  return { script: "confirm", epoch, latePayment: "lazy", items: [{ id, paymentId: `p-${id}` }] };
}

function ofIds(script: "release" | "refund" | "settle", id: string): CounterCall {
  return { script, epoch, items: [{ id }] };
}

const SWEEP: CounterCall = { script: "sweep", epoch, limit: 10, graceMs: 0, retainMs: 0 };

/** One of each script. */
const CALLS: readonly CounterCall[] = [
  INIT,
  OPEN,
  reserve("new", "newer"),
  confirm("held"),
  ofIds("release", "held"),
  ofIds("refund", "paid"),
  ofIds("settle", "new"),
  GRANT,
  SWEEP,
  RESIZE,
  AUDIT,
];

async function startSale(): Promise<void> {
  await run(INIT);
  await run(OPEN);
  await run(reserve("held", "held2", "held3", "paid"));
  await run(confirm("paid"));
}

/** Every key of the server with its exact bytes. */
async function everything(): Promise<Map<string, string>> {
  const dumps = new Map<string, string>();
  for (const key of (await redis.client.keys("*")).toSorted()) {
    dumps.set(key, (await redis.client.dumpBuffer(key)).toString("hex"));
  }
  return dumps;
}

test("every script has a call here", () => {
  expect(CALLS.map(({ script }) => script)).toEqual(SCRIPT_NAMES);
});

describe("at maxmemory", () => {
  beforeEach(async () => {
    await startSale();
    await redis.client.config("SET", "maxmemory-policy", "noeviction");
    await redis.client.config("SET", "maxmemory", "1");
    return async () => redis.client.config("SET", "maxmemory", "0");
  });

  test.each([INIT, OPEN, reserve("new"), GRANT, RESIZE])(
    "Redis refuses to start $script, and nothing is sold",
    async (call) => {
      const before = await everything();
      await expect(run(call)).rejects.toThrow(/^OOM /);
      expect(await everything()).toEqual(before);
    },
  );

  test("what is held still becomes an order, or goes back on sale", async () => {
    expect((await run(confirm("held"))).results[0].code).toBe("OK");
    expect((await run(ofIds("release", "held2"))).results[0].code).toBe("OK");
    expect((await run(ofIds("refund", "paid"))).results[0].code).toBe("OK");
    expect((await run(ofIds("settle", "lost"))).results[0].state).toBe("D");
    await untilRedisTime(2);
    expect((await run(SWEEP)).swept).toEqual([{ id: "held3", qty: 1 }]);
    expect((await run(AUDIT)).left).toBe(9);
  });
});

/** The hold of 1 ms is due by then. */
async function untilRedisTime(laterMs: number): Promise<void> {
  const untilMs = (await redisTimeMs()) + laterMs;
  while ((await redisTimeMs()) < untilMs);
}

async function redisTimeMs(): Promise<number> {
  const [seconds, micros] = await redis.client.time();
  return seconds * 1000 + Math.floor(micros / 1000);
}

describe("before its first write, a script checks", () => {
  test.each(KEYS)("the type of %s", async (key) => {
    await startSale();
    await untilRedisTime(2);
    await redis.client.del(key);
    await redis.client.set(key, "not what it was");
    const before = await everything();
    for (const call of CALLS) {
      await expect(run(call), call.script).rejects.toThrow(/^WRONGTYPE /);
    }
    expect(await everything()).toEqual(before);
  });

  test("that the hash is whole", async () => {
    await startSale();
    const [hash] = KEYS;
    for (const field of await redis.client.hkeys(hash)) {
      const value = await redis.client.hget(hash, field);
      await redis.client.hdel(hash, field);
      const before = await everything();
      for (const call of CALLS.slice(1)) expect((await run(call)).error).toBe("NOEVENT");
      expect((await run(INIT)).code).toBe("CONFLICT");
      expect(await everything()).toEqual(before);
      await redis.client.hset(hash, field, value!);
    }
  });

  test("that it has all arguments, where a caller made them by hand", async () => {
    await startSale();
    const before = await everything();
    for (const call of CALLS) {
      const { argv } = encodeCall(SALE, call);
      for (const wrong of [[], argv.slice(0, -1), [...argv, "one too many"]]) {
        if (call.script === "audit" && wrong.length === 0) continue;
        const reply = runByHand(call.script, wrong);
        await expect(reply, `${call.script} ${wrong.join(" ")}`).rejects.toThrow(/^BADARG: /);
      }
    }
    expect(await everything()).toEqual(before);
  });

  test.each(["01", "+1", "1 ", "1e3", "0x10", "1.0", "", "١"])(
    "that a quantity is plain digits: %j is none",
    async (qty) => {
      await startSale();
      const argv = [...encodeCall(SALE, reserve("new")).argv];
      argv[5] = argv[5].replace(/^1\|/, `${qty}|`);
      const reply = runByHand("reserve", argv);
      await expect(reply).rejects.toThrow(/^BADQTY: /);
    },
  );
});

test("counter time is Redis TIME in milliseconds", async () => {
  const beforeMs = await redisTimeMs();
  const { timeMs } = await run(INIT);
  expect(timeMs).toBeGreaterThanOrEqual(beforeMs);
  expect(timeMs).toBeLessThanOrEqual(await redisTimeMs());
});

test("every key of a sale has the one hash tag, and a script makes no other key", async () => {
  await startSale();
  for (const key of KEYS) expect(key).toMatch(/^\{sale\}:[a-z]+$/);
  await run(ofIds("settle", "lost"));
  expect((await redis.client.keys("*")).toSorted()).toEqual(KEYS.toSorted());
});

test("an order worker reads the outbox through the group that init made", async () => {
  await startSale();
  const [, , , , outbox] = KEYS;
  const read = await redis.client.xreadgroup(
    ...(["GROUP", OUTBOX_GROUP, "worker", "COUNT", 5, "STREAMS", outbox, ">"] as const),
  );
  const [[, entries]] = read as [string, [string, string[]][]][];
  const events = entries.map(([position, fields]) => decodeOutboxEntry(position, fields));
  expect(events.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
    "H held",
    "H held2",
    "H held3",
    "H paid",
    "C paid",
  ]);
  expect(events[4]).toEqual({
    position: entries[4][0],
    kind: "C",
    id: "paid",
    qty: 1,
    buyer: "ann",
    paymentId: "p-paid",
  });
});
