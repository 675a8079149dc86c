import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { processesWith } from "../testing/processes.ts";
import type { RedisAddress } from "./address.ts";
import { command, connectRedis } from "./connection.ts";
import { startRedisCluster } from "./redis-cluster.ts";
import { startRedis } from "./redis-server.ts";
import { redisOfTest } from "./testing/redis-of-test.ts";
import type { RedisOfTest } from "./testing/redis-of-test.ts";

const started: { remove(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((redis) => redis.remove()));
});

async function start(persistence: "none" | "everysec" | "always"): Promise<RedisOfTest> {
  const redis = await redisOfTest(persistence);
  started.push(redis);
  return redis;
}

async function ask(address: RedisAddress, name: string, ...rest: string[]): Promise<unknown> {
  const connection = await connectRedis(address);
  try {
    return await command(connection, 5000, name, ...rest);
  } finally {
    connection.disconnect();
  }
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

test.each(["everysec", "always"] as const)(
  "with fsync %s a killed Redis comes back whole",
  async (persistence) => {
    const redis = await start(persistence);
    const { pid } = redis;
    await ask(redis.address, "set", "key", "value");
    await redis.kill();
    expect(isAlive(pid)).toBe(false);
    await redis.start();
    expect(redis.pid).not.toBe(pid);
    expect(await ask(redis.address, "get", "key")).toBe("value");
  },
);

test("without persistence it comes back empty, on the same port", async () => {
  const redis = await start("none");
  await ask(redis.address, "set", "key", "value");
  await redis.kill();
  await redis.start();
  expect(await ask(redis.address, "get", "key")).toBe(null);
});

test("a Redis that was killed from outside can be started again", async () => {
  const redis = await start("everysec");
  await ask(redis.address, "set", "key", "value");
  process.kill(redis.pid, "SIGKILL");
  await redis.start();
  expect(await ask(redis.address, "get", "key")).toBe("value");
});

test("a stopped Redis leaves no process, even if it was frozen", async () => {
  const redis = await start("none");
  process.kill(redis.pid, "SIGSTOP");
  await redis.stop();
  expect(isAlive(redis.pid)).toBe(false);
});

test("where its port is taken it takes another", async () => {
  const holder = createServer().listen(0, "127.0.0.1");
  await once(holder, "listening");
  const { port } = holder.address() as AddressInfo;
  const directory = mkdtempSync(join(tmpdir(), "redis-server-"));
  const redis = await startRedis({ directory, port, persistence: "none" });
  started.push({
    async remove() {
      await redis.stop();
      rmSync(directory, { recursive: true });
      holder.close();
    },
  });
  expect(redis.address.port).not.toBe(port);
  expect(await ask(redis.address, "ping")).toBe("PONG");
});

test("a Cluster serves every slot from its shards, and keeps its data over a restart", async () => {
  const directory = mkdtempSync(join(tmpdir(), "redis-cluster-"));
  const redis = await startRedisCluster({ directory, shards: 3 });
  started.push({
    async remove() {
      await redis.stop();
      rmSync(directory, { recursive: true });
    },
  });
  const slots = (await ask(redis.address, "cluster", "SLOTS")) as [
    number,
    number,
    [string, number],
  ][];
  expect(slots.map(([first, last]) => [first, last]).toSorted(([a], [b]) => a - b)).toEqual([
    [0, 5460],
    [5461, 10_921],
    [10_922, 16_383],
  ]);
  expect(new Set(slots.map(([, , [, port]]) => port)).size).toBe(3);
  const keys = ["a", "b", "c", "d", "e", "f"];
  for (const key of keys) await ask(redis.address, "set", key, `value of ${key}`);
  await redis.kill();
  await redis.start();
  for (const key of keys) expect(await ask(redis.address, "get", key)).toBe(`value of ${key}`);
});

test("every shard ends with its starter's whole process group, started again or not", async () => {
  const directory = mkdtempSync(join(tmpdir(), "redis-cluster-"));
  const source = `
    import { startRedisCluster } from ${JSON.stringify(import.meta.resolve("./redis-cluster.ts"))};
    const redis = await startRedisCluster({ directory: ${JSON.stringify(directory)}, shards: 2 });
    await redis.kill();
    await redis.start();
    console.log("ready");`;
  const args = ["--import", import.meta.resolve("tsx"), "--input-type=module", "-e", source];
  const starter = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  try {
    await once(starter.stdout, "data");
    const shards = processesWith(directory).filter(({ line }) => line.includes("redis-server"));
    expect(shards).toHaveLength(2);
    process.kill(-starter.pid!, "SIGKILL");
    await expect.poll(() => processesWith(directory), { timeout: 10_000 }).toEqual([]);
  } finally {
    for (const { pid } of processesWith(directory)) process.kill(pid, "SIGKILL");
    rmSync(directory, { recursive: true, maxRetries: 5, retryDelay: 50 });
  }
});

test("a Cluster has at least two shards", async () => {
  await expect(startRedisCluster({ directory: tmpdir(), shards: 1 })).rejects.toThrow(RangeError);
});
