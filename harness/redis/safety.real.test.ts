import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import { textOfAddress } from "./address.ts";
import { connectRedis } from "./connection.ts";
import type { RedisConnection } from "./connection.ts";
import { faultsOf, requireSafeRedis } from "./safety.ts";
import { redisOfTest } from "./testing/redis-of-test.ts";
import type { RedisOfTest } from "./testing/redis-of-test.ts";

let redis: RedisOfTest;
let admin: RedisConnection;

beforeAll(async () => {
  redis = await redisOfTest();
  admin = await connectRedis(redis.address);
});
afterAll(async () => {
  admin.disconnect();
  await redis.remove();
});
beforeEach(async () => {
  await admin.call("CONFIG", "SET", "maxmemory-policy", "noeviction");
  await admin.call("CONFIG", "SET", "appendonly", "no");
});

test.each(["allkeys-lru", "volatile-ttl", "allkeys-random"])(
  "a Redis that may evict (%s) is refused, with the setting that mends it",
  async (policy) => {
    await admin.call("CONFIG", "SET", "maxmemory-policy", policy);
    const refused = requireSafeRedis(redis.address, false);
    await expect(refused).rejects.toBeInstanceOf(EnvironmentError);
    await expect(refused).rejects.toThrow(
      `unsafe Redis at ${textOfAddress(redis.address)}: maxmemory-policy is ${policy}, so that it ` +
        "may delete sold tickets when memory is short; run: CONFIG SET maxmemory-policy noeviction",
    );
  },
);

test("in production it must keep its data, else it need not", async () => {
  await requireSafeRedis(redis.address, false);
  await expect(requireSafeRedis(redis.address, true)).rejects.toThrow(
    "appendonly is no, so that a restart loses sold tickets; run: CONFIG SET appendonly yes",
  );
  await admin.call("CONFIG", "SET", "appendonly", "yes");
  await requireSafeRedis(redis.address, true);
});

test("every fault is named at once", async () => {
  await admin.call("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu");
  await expect(requireSafeRedis(redis.address, true)).rejects.toThrow(/allkeys-lfu.*; appendonly/);
});

test("a single Redis is no Cluster", async () => {
  expect(faultsOf(new Map([...SAFE, ["redis_mode", "standalone"]]), true, false)).toEqual([
    "it is not a Cluster",
  ]);
});

const SAFE: readonly (readonly [string, string])[] = [
  ["redis_version", "7.0.15"],
  ["role", "master"],
  ["redis_mode", "standalone"],
  ["maxmemory_policy", "noeviction"],
  ["aof_enabled", "1"],
];

test.each([
  ["redis_version", "6.2.14", "its version is 6.2.14; the scripts need Redis 7 or newer"],
  ["role", "slave", "it is a replica; give the address of its master"],
  ["redis_mode", "cluster", "it is a node of a Cluster; address it as one"],
])("%s:%s is a fault", (field, value, fault) => {
  expect(faultsOf(new Map(SAFE), false, true)).toEqual([]);
  expect(faultsOf(new Map([...SAFE, [field, value]]), false, true)).toEqual([fault]);
});
