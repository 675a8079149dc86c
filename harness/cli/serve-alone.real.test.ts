/** A ticket server alone on a Redis that outlives it. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { counterKeys } from "../../core/counter/encoding.ts";
import { EXIT } from "../../sim/cli/exit-codes.ts";
import { command, connectRedis } from "../redis/connection.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { redisOfTest } from "../redis/testing/redis-of-test.ts";
import type { RedisOfTest } from "../redis/testing/redis-of-test.ts";
import { CommandWorld } from "../testing/command.ts";

const PORT = 26_001;
const TIMEOUT_MS = 2000;

let redis: RedisOfTest;
let connection: RedisConnection;
let world: CommandWorld;

beforeAll(async () => {
  redis = await redisOfTest("everysec");
  connection = await connectRedis(redis.address);
});
afterAll(async () => {
  connection.disconnect();
  await redis.remove();
});
beforeEach(() => {
  world = new CommandWorld();
});
afterEach(() => world.close());

/** Serves, sells one ticket and ends. @returns whose ticket it is, as the counter has it */
async function sellOne(saleId: string): Promise<{ server: string; incarnation: number }> {
  const server = world.start("harness/run.ts", [
    "--scenario=demo",
    "--server-only",
    `--port=${PORT}`,
    `--set=name=${saleId}`,
    `--redis=${redis.address.host}:${redis.address.port}`,
    "--json",
  ]);
  await expect.poll(() => server.stdout, { timeout: 60_000 }).toContain("\n");
  const { url } = JSON.parse(server.stdout) as { url: string };
  const response = await fetch(`${url}/buy/ticket`, { method: "POST" });
  const { result, id } = (await response.json()) as { result: string; id: string };
  expect(result).toBe("ACK");
  server.kill("SIGTERM");
  expect((await server.ended()).code).toBe(EXIT.passed);
  const row = await command(connection, TIMEOUT_MS, "hget", counterKeys(saleId)[1], id);
  const [, , , name, incarnation] = String(row).split("|");
  return { server: name, incarnation: Number(incarnation) };
}

test("each start on a sale that is on already is a new incarnation", async () => {
  const first = await sellOne("twice");
  expect(first.incarnation).toBe(0);
  expect(await sellOne("twice")).toEqual({ ...first, incarnation: 1 });
  expect(await sellOne("twice")).toEqual({ ...first, incarnation: 2 });
});
