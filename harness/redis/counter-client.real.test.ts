/** What the client does with a call when something is wrong with Redis, or with the way to it. */
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { article } from "../../core/strategies/article.ts";
import { orderFirst } from "../../core/strategies/order-first.ts";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import type { Strategy } from "../../core/strategy.ts";
import { UsageError } from "../../sim/cli/usage-error.ts";
import { anyFreePort } from "../provision/ports.ts";
import type { RedisAddress } from "./address.ts";
import { command, connectRedis } from "./connection.ts";
import { connectCounter } from "./counter-client.ts";
import type { CounterClient } from "./counter-client.ts";
import { EPOCH, redisOfTest, reserve } from "./testing/redis-of-test.ts";
import type { RedisOfTest } from "./testing/redis-of-test.ts";

const TIMEOUT_MS = 5000;
const AT_ONCE_MS = 200;

let redis: RedisOfTest;
let sales = 0;
const opened: CounterClient[] = [];

beforeAll(async () => {
  redis = await redisOfTest("everysec");
});
afterAll(() => redis.remove());
afterEach(async () => {
  await Promise.all(opened.splice(0).map((client) => client.close()));
});

async function connectTo(
  saleId: string,
  strategy: Strategy = preDeduct,
  address: RedisAddress = redis.address,
): Promise<CounterClient> {
  const client = await connectCounter({ address, saleId, strategy });
  opened.push(client);
  return client;
}

/** A client of an open sale of 10 tickets. */
async function startSale(): Promise<CounterClient> {
  const client = await connectTo(`sale-${(sales += 1)}`);
  await client.call({ script: "init", total: 10, epoch: EPOCH }, TIMEOUT_MS);
  await client.call({ script: "open", epoch: EPOCH }, TIMEOUT_MS);
  return client;
}

const soldOf = async (client: CounterClient): Promise<number> =>
  (await client.call({ script: "audit" }, TIMEOUT_MS)).audit!.sold;

/** Calls until the connection is there again. */
async function untilConnected(client: CounterClient): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    try {
      await client.call({ script: "audit" }, TIMEOUT_MS);
      return;
    } catch {
      await sleep(25);
    }
  }
  throw new Error("the client did not reconnect");
}

test("a refusal of the script is a reply, an error of Redis is none", async () => {
  const client = await startSale();
  const refused = await client.call(reserve(["a"], { qty: 0 }), TIMEOUT_MS);
  expect(refused.error).toBe("BADQTY");
  const admin = await connectRedis(redis.address);
  await admin.call("CONFIG", "SET", "maxmemory", "1");
  const failed = client.call(reserve(["a"]), TIMEOUT_MS);
  await expect(failed).rejects.toMatchObject({ name: "CounterCallError", code: "OOM" });
  await admin.call("CONFIG", "SET", "maxmemory", "0");
  admin.disconnect();
  expect(await soldOf(client)).toBe(0);
});

test("scripts that the server has forgotten are loaded again, and run once", async () => {
  const client = await startSale();
  await client.call(reserve(["a"]), TIMEOUT_MS);
  const admin = await connectRedis(redis.address);
  await admin.call("SCRIPT", "FLUSH");
  admin.disconnect();
  const replies = await Promise.all(
    ["b", "c", "d"].map((id) => client.call(reserve([id]), TIMEOUT_MS)),
  );
  expect(replies.map(({ results }) => results[0].code)).toEqual(["OK", "OK", "OK"]);
  expect(await soldOf(client)).toBe(4);
});

test("a call without a reply in time is a TIMEOUT, and its late reply is nobody's", async () => {
  const client = await startSale();
  await redis.pauseClients(60_000);
  const calledMs = performance.now();
  const late = client.call(reserve(["late"]), 100);
  await expect(late).rejects.toMatchObject({ code: "TIMEOUT" });
  expect(performance.now() - calledMs).toBeLessThan(100 + AT_ONCE_MS);
  await redis.resumeClients();
  const { results } = await client.call(reserve(["a", "b"]), TIMEOUT_MS);
  expect(results).toHaveLength(2);
  // It ran all the same, which is why a timeout is no refusal.
  expect(await soldOf(client)).toBe(3);
});

test("while Redis is down a call fails at once, and a restart loses nothing", async () => {
  const client = await startSale();
  await client.call(reserve(["a", "b"]), TIMEOUT_MS);
  await redis.kill();
  await sleep(50);
  const calledMs = performance.now();
  const failed = client.call(reserve(["c"]), TIMEOUT_MS);
  await expect(failed).rejects.toMatchObject({ code: "CONNECTION" });
  expect(performance.now() - calledMs).toBeLessThan(AT_ONCE_MS);
  await redis.start();
  await untilConnected(client);
  expect(await soldOf(client)).toBe(2);
});

test("a Redis that is not there is an error that says where", async () => {
  const port = await anyFreePort();
  const address = { host: "127.0.0.1", port, cluster: false };
  await expect(connectTo("sale", preDeduct, address)).rejects.toThrow(
    `cannot reach Redis at 127.0.0.1:${port}: connect ECONNREFUSED`,
  );
});

test("a call whose reply was lost with its connection is not sent again", async () => {
  // The demo's script has no request ids, so each time it runs it sells another ticket.
  const direct = await connectTo("", article);
  await direct.call({ script: "init", total: 10, epoch: EPOCH }, TIMEOUT_MS);
  const proxy = await cuttingProxy(redis.address.port);
  const client = await connectTo("", article, { ...redis.address, port: proxy.port });
  await client.call(reserve(["a"]), TIMEOUT_MS);
  expect(await soldOf(direct)).toBe(1);
  proxy.loseReplies();
  await expect(client.call(reserve(["b"]), TIMEOUT_MS)).rejects.toMatchObject({
    code: "CONNECTION",
  });
  await untilConnected(client);
  expect(await soldOf(direct)).toBe(2);
  await proxy.close();
});

test("the demo's own script sells its 10,001st ticket of 10,000", async () => {
  const client = await connectTo("", article);
  await client.call({ script: "init", total: 10_000, epoch: EPOCH }, TIMEOUT_MS);
  let acknowledged = 0;
  let refused = 0;
  for (let wave = 0; wave < 101; wave += 1) {
    const replies = await Promise.all(
      Array.from({ length: 100 }, () => client.call(reserve(["r"]), TIMEOUT_MS)),
    );
    for (const { results } of replies) {
      if (results[0].code === "OK") acknowledged += 1;
      else refused += 1;
    }
  }
  expect({ acknowledged, refused }).toEqual({ acknowledged: 10_001, refused: 99 });
  expect(await soldOf(client)).toBe(10_001);
  const connection = await connectRedis(redis.address);
  const sold = await command(connection, TIMEOUT_MS, "hgetall", "ticket_hash_key");
  expect(sold).toEqual({ ticket_total_nums: "10000", ticket_sold_nums: "10001" });
  connection.disconnect();
});

test("without its hash the demo's script fails, which its buyers take for sold out", async () => {
  const connection = await connectRedis(redis.address);
  await command(connection, TIMEOUT_MS, "del", "ticket_hash_key");
  connection.disconnect();
  const client = await connectTo("", article);
  await expect(client.call(reserve(["a"]), TIMEOUT_MS)).rejects.toMatchObject({ code: "ERR" });
});

test("a strategy without scripts for Redis is refused by name", async () => {
  const failed = connectTo("sale", orderFirst);
  await expect(failed).rejects.toThrow("strategy order-first has no scripts for a real Redis");
  await expect(failed).rejects.toBeInstanceOf(UsageError);
});

/** A proxy that, once told, cuts each connection on which a reply comes back. Then no more. */
async function cuttingProxy(
  port: number,
): Promise<{ port: number; loseReplies(): void; close(): Promise<void> }> {
  let losing = false;
  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    client.pipe(upstream);
    upstream.on("data", (reply) => {
      if (!losing) return void client.write(reply);
      losing = false;
      client.destroy();
      upstream.destroy();
    });
    client.on("error", () => upstream.destroy());
    client.on("close", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
    upstream.on("close", () => client.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    loseReplies: () => (losing = true),
    async close() {
      server.close();
    },
  };
}
