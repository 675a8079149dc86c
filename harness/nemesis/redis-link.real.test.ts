/** The proxy before a real Redis: what it loses, repeats and delays, and what it lets through. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Randomness } from "../../sim/kernel/random.ts";
import type { CounterCallError } from "../redis/call-error.ts";
import { command, connectRedis } from "../redis/connection.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { startRedis } from "../redis/redis-server.ts";
import type { RunningRedis } from "../redis/redis-server.ts";
import { NOT_CUT, RedisLink } from "./redis-link.ts";
import type { RedisWeather } from "./redis-link.ts";

const folder = mkdtempSync(join(tmpdir(), "onceonly-link-"));
let redis: RunningRedis;
let direct: RedisConnection;
let link: RedisLink;
let through: RedisConnection;
let weather: RedisWeather;

beforeAll(async () => {
  redis = await startRedis({ directory: folder, persistence: "none" });
  direct = await connectRedis(redis.address);
});

afterAll(async () => {
  direct.disconnect();
  await redis.stop();
  rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  await direct.call("FLUSHALL");
  weather = { requestsLost: 0, repliesLost: 0, duplicates: 0, delayMs: 0 };
  link = new RedisLink(redis.address, weather, new Randomness(1n).stream("link"));
  await link.open();
  through = await connectRedis({ ...link.address, cluster: false });
});

afterEach(() => {
  through.disconnect();
  link.close();
});

/** A script call that counts: its reply, or the code of its failure. */
async function add(timeoutMs = 2000): Promise<unknown> {
  try {
    const script = "return redis.call('incr', KEYS[1])";
    return await command(through, timeoutMs, "eval", script, 1, "n");
  } catch (error) {
    return (error as CounterCallError).code;
  }
}

async function total(): Promise<number> {
  return Number(await direct.call("GET", "n"));
}

/** ioredis has noticed that its connection broke, and has another. */
async function reconnected(): Promise<void> {
  await expect.poll(() => through.status).toBe("ready");
}

test("without a fault everything passes, in order", async () => {
  expect(await Promise.all([add(), add(), add()])).toEqual([1, 2, 3]);
});

test("a lost request did not run; a lost reply did; both break the connection", async () => {
  weather.requestsLost = 1;
  expect(await add()).toBe("CONNECTION");
  weather.requestsLost = 0;
  await reconnected();
  expect(await total()).toBe(0);

  weather.repliesLost = 1;
  expect(await add()).toBe("CONNECTION");
  weather.repliesLost = 0;
  await reconnected();
  expect(await total()).toBe(1);
  expect(await add()).toBe(2);
});

test("of many calls about the share that was asked for is lost", async () => {
  weather.requestsLost = 0.3;
  let lost = 0;
  for (let i = 0; i < 60; i += 1) {
    await reconnected();
    if ((await add()) === "CONNECTION") lost += 1;
  }
  expect(lost).toBeGreaterThan(8);
  expect(lost).toBeLessThan(32);
  expect(await total()).toBe(60 - lost);
});

test("a duplicated call runs twice and is answered once, with the first answer", async () => {
  weather.duplicates = 1;
  expect(await add()).toBe(1);
  expect(await add()).toBe(3);
  weather.duplicates = 0;
  expect(await add()).toBe(5);
  expect(await command(through, 1000, "get", "n")).toBe("5");
});

test("a delay counts both ways and keeps the order", async () => {
  weather.delayMs = 60;
  const startMs = performance.now();
  expect(await Promise.all([add(), add()])).toEqual([1, 2]);
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(119);
});

test("a cut loses what is sent; healed, what lost something breaks, and life goes on", async () => {
  link.cut = { requests: true, replies: false };
  expect(await add(150)).toBe("TIMEOUT");
  link.cut = NOT_CUT;
  await expect.poll(() => add()).toBe(1);

  link.cut = { requests: false, replies: true };
  expect(await add(150)).toBe("TIMEOUT");
  expect(await total()).toBe(2);
  link.cut = NOT_CUT;
  await expect.poll(() => add()).toBe(3);
});

test("an idle connection outlives a cut", async () => {
  const closed: string[] = [];
  through.on("close", () => closed.push("closed"));
  link.cut = { requests: true, replies: true };
  link.cut = NOT_CUT;
  expect(await add()).toBe(1);
  expect(closed).toEqual([]);
});

test("the next reply of a script is taken once: after the script ran, before its caller reads it", async () => {
  const seen: number[] = [];
  link.atNextReply(() => seen.push(1));
  expect(await command(through, 1000, "get", "n")).toBe(null);
  expect(seen).toEqual([]);
  expect(await add()).toBe("CONNECTION");
  expect(seen).toEqual([1]);
  expect(await total()).toBe(1);
  await reconnected();
  expect(await add()).toBe(2);
  expect(seen).toEqual([1]);
});
