/** The ticket server as a process, on a real Redis. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { CounterReply } from "../../core/counter/calls.ts";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import { startChild } from "../processes/child.ts";
import type { Child } from "../processes/child.ts";
import { connectCounter } from "../redis/counter-client.ts";
import type { CounterClient } from "../redis/counter-client.ts";
import { startRedis } from "../redis/redis-server.ts";
import type { RunningRedis } from "../redis/redis-server.ts";
import type { TicketServerConfig, TicketServerReady } from "./config.ts";
import { ask, RawConnection } from "./testing/http.ts";
import { serverConfig, until } from "./testing/scene.ts";

const HOST = "127.0.0.1";
const TICKETS = 20;
const RULES = { pollMs: 100, callTimeoutMs: 1500, settleMs: 100, requestLifetimeMs: 2000 };
const entry = new URL("main.ts", import.meta.url);

let folder: string;
let redis: RunningRedis;
let counter: CounterClient;
const children: Child<TicketServerReady>[] = [];
let sales = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ticket-server-"));
  redis = await startRedis({ directory: folder, persistence: "none" });
});

afterEach(async () => {
  await redis.resumeClients();
  for (const child of children.splice(0)) {
    child.signal("SIGKILL");
    await child.exited;
  }
  await counter?.close();
});

afterAll(async () => {
  await redis.stop();
  rmSync(folder, { recursive: true });
});

/** A sale of its own for each test. */
async function newSale(): Promise<string> {
  sales += 1;
  const saleId = `sale-${sales}`;
  counter = await connectCounter({
    address: redis.address,
    saleId,
    strategy: preDeduct,
  });
  await counter.call({ script: "init", total: TICKETS, epoch: 1 }, 5000);
  await counter.call({ script: "open", epoch: 1 }, 5000);
  return saleId;
}

function configOf(saleId: string, more: Partial<TicketServerConfig> = {}): TicketServerConfig {
  const config = serverConfig(TICKETS, RULES);
  return {
    host: HOST,
    port: 0,
    server: { ...config, sale: { ...config.sale, saleId, maxPerBuyer: 0 } },
    strategy: "pre-deduct",
    redis: redis.address,
    orderStore: null,
    production: false,
    statLog: null,
    ...more,
  };
}

async function start(config: TicketServerConfig): Promise<Child<TicketServerReady>> {
  const name = `server-${children.length}`;
  const child = await startChild<TicketServerReady>({ name, entry, config, directory: folder });
  children.push(child);
  return child;
}

function urlOf({ ready }: Child<TicketServerReady>): string {
  return `http://${ready.host}:${ready.port}`;
}

function buy(url: string, id: string) {
  return ask(url, "POST", "/buy/ticket", { body: JSON.stringify({ id }) });
}

async function audit(): Promise<NonNullable<CounterReply["audit"]>> {
  return (await counter.call({ script: "audit" }, 5000)).audit!;
}

describe("a sale", () => {
  test("sells every ticket once, to buyers who all come at once", async () => {
    const saleId = await newSale();
    const url = urlOf(await start(configOf(saleId)));
    const ids = Array.from({ length: 200 }, (_, i) => `r${i}`);
    const answers = await Promise.all(ids.map((id) => buy(url, id)));
    const results = answers.map(({ body }) => body!["result"]);
    expect(results.filter((result) => result === "ACK")).toHaveLength(TICKETS);
    expect(results.filter((result) => result === "SOLDOUT")).toHaveLength(200 - TICKETS);
    expect(await audit()).toMatchObject({ sold: TICKETS, heldRows: TICKETS });
    // Who holds a ticket is told so again, although nothing is left.
    const winners = ids.filter((_, i) => results[i] === "ACK");
    const again = await Promise.all(winners.map((id) => buy(url, id)));
    expect(again.map(({ body }) => body!["result"])).toEqual(winners.map(() => "ACK"));
  });

  test("writes stat.log", async () => {
    const file = join(folder, "stat.log");
    const child = await start(configOf(await newSale(), { statLog: { file, form: "result" } }));
    await buy(urlOf(child), "a");
    child.signal("SIGTERM");
    expect(await child.exited).toBe(0);
    expect(readFileSync(file, "utf8")).toBe("result:1,localSales:1\r\n");
  });
});

describe("an end", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("by %s answers who waits", async (signal) => {
    const saleId = await newSale();
    const child = await start(configOf(saleId));
    await redis.pauseClients(30_000);
    const waiting = ["a", "b", "c"].map((id) => buy(urlOf(child), id));
    await until("they wait", async () => {
      const { text } = await ask(urlOf(child), "GET", "/metrics");
      return text.includes("onceonly_in_flight_requests 3");
    });
    child.signal(signal);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await redis.resumeClients();
    const answers = await Promise.all(waiting);
    expect(answers.map(({ body }) => body!["result"])).toEqual(["ACK", "ACK", "ACK"]);
    expect(await child.exited).toBe(0);
    expect(await audit()).toMatchObject({ heldRows: 3 });
  });

  test("while the counter stays silent: the outcome is unknown, and another server tells it", async () => {
    const saleId = await newSale();
    const child = await start(configOf(saleId));
    await redis.pauseClients(30_000);
    const waiting = buy(urlOf(child), "a");
    await until("it waits", async () => {
      const { text } = await ask(urlOf(child), "GET", "/metrics");
      return text.includes("onceonly_in_flight_requests 1");
    });
    child.signal("SIGTERM");
    const { status, headers } = await waiting;
    expect(status).toBe(202);
    expect(await child.exited).toBe(0);
    await redis.resumeClients();
    const other = await start(configOf(saleId));
    const settled = await ask(urlOf(other), "GET", headers["location"] as string);
    // The reservation had been sent: it ran as soon as Redis went on, or it never will.
    const { heldRows } = await audit();
    expect(settled.body!["result"]).toBe(heldRows === 1 ? "ACK" : "TRYAGAIN");
  });

  test("comes at once with a second signal", async () => {
    const child = await start(configOf(await newSale()));
    await redis.pauseClients(30_000);
    const waiting = buy(urlOf(child), "a");
    await until("it waits", async () => {
      const { text } = await ask(urlOf(child), "GET", "/metrics");
      return text.includes("onceonly_in_flight_requests 1");
    });
    child.signal("SIGTERM");
    await new Promise((resolve) => setTimeout(resolve, 50));
    child.signal("SIGTERM");
    await expect(waiting).rejects.toThrow();
    expect(await child.exited).toBe(143);
  });

  test("by SIGKILL costs nobody a ticket: the next start knows what the counter has", async () => {
    const saleId = await newSale();
    const first = await start(configOf(saleId));
    await Promise.all(["a", "b", "c"].map((id) => buy(urlOf(first), id)));
    const raw = await RawConnection.open(first.ready.port);
    first.signal("SIGKILL");
    await until("its connections are gone", () => raw.isEnded);
    const config = configOf(saleId);
    const second = await start({ ...config, server: { ...config.server, incarnation: 1 } });
    const url = urlOf(second);
    expect((await buy(url, "a")).body).toMatchObject({ result: "ACK", id: "a" });
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => buy(url, `later-${i}`)));
    const acks = answers.filter(({ body }) => body!["result"] === "ACK");
    expect(acks).toHaveLength(TICKETS - 3);
    expect(await audit()).toMatchObject({ sold: TICKETS });
  });
});

describe("a start that cannot be", () => {
  test("on a port that is taken", async () => {
    const occupant = createServer().listen(0, HOST);
    await new Promise((resolve) => occupant.once("listening", resolve));
    const { port } = occupant.address() as AddressInfo;
    const config = configOf(await newSale(), { port });
    await expect(start(config)).rejects.toThrow(
      `did not start: port ${port} of ${HOST} is taken; choose another with --port`,
    );
    occupant.close();
  });

  test("on a Redis that may delete tickets", async () => {
    const config = configOf(await newSale());
    const admin = new Redis(redis.address.port);
    await admin.config("SET", "maxmemory-policy", "allkeys-lru");
    try {
      await expect(start(config)).rejects.toThrow(/did not start: unsafe Redis at .*noeviction/u);
    } finally {
      await admin.config("SET", "maxmemory-policy", "noeviction");
      admin.disconnect();
    }
  });

  test("in production, on a Redis that keeps nothing", async () => {
    const config = configOf(await newSale(), { production: true });
    await expect(start(config)).rejects.toThrow(/did not start: unsafe Redis at .*appendonly/u);
  });

  test("of an unknown strategy", async () => {
    const config = configOf(await newSale(), { strategy: "pre-deduckt" });
    await expect(start(config)).rejects.toThrow("did you mean pre-deduct?");
  });

  test("with a stat.log in no folder", async () => {
    const statLog = { file: join(folder, "none", "stat.log"), form: "handle" } as const;
    const config = configOf(await newSale(), { statLog });
    await expect(start(config)).rejects.toThrow(/did not start: ENOENT/u);
  });
});
