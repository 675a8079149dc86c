/**
 * What a held ticket costs Redis: the processor time of `reserve` for each item, against what its
 * four plain commands (HSET, ZADD, HINCRBY, XADD) cost in redis-benchmark on the same server.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import type { CounterCall } from "../../core/counter/calls.ts";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import { checkScenario } from "../../sim/scenario/load.ts";
import { requireProgram } from "../provision/system-package.ts";
import { connectCounter } from "../redis/counter-client.ts";
import type { CounterClient } from "../redis/counter-client.ts";
import { startRedis } from "../redis/redis-server.ts";

export interface ReserveCost {
  /** Redis CPU for one held ticket, in microseconds. */
  readonly itemUs: number;
  /** The sum of the four commands, in microseconds. */
  readonly plainUs: number;
  readonly ratio: number;
}

/** Odd, so that there is a median. The two sides are measured in turn. */
const ROUNDS = 5;
/** Tickets held in one round, and times each plain command runs. */
const TICKETS = 50_000;
/** What a busy ticket server sends in one call, and how many calls four of them have under way. */
const { batchMax: BATCH, inflightMax } = checkScenario({}, "defaults").rules;
const INFLIGHT = 4 * inflightMax;
const TIMEOUT_MS = 60_000;

/** The commands of one reservation, with keys and values as long as the script's own. */
const PLAIN_COMMANDS: readonly (readonly string[])[] = [
  ["HSET", "plain:rows", "r-__rand_int__", "H|1|1700000000000|server-1|0|b-000000000000|4|"],
  ["ZADD", "plain:deadlines", "1700000000000", "r-__rand_int__"],
  ["HINCRBY", "plain:sale", "ticket_sold_nums", "1"],
  ["XADD", "plain:outbox", "*", "r-__rand_int__", "H|1|1700000000000|server-1|0|b-000000000000|4|"],
];

/** Starts a Redis of its own, and ends it. Takes some seconds. */
export async function measureReserveCost(): Promise<ReserveCost> {
  const directory = mkdtempSync(join(tmpdir(), "redis-cost-"));
  const redis = await startRedis({ directory, persistence: "none" });
  const { host, port } = redis.address;
  const admin = new Redis({ host, port, maxRetriesPerRequest: 0, retryStrategy: null });
  try {
    const items: number[] = [];
    const plains: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      let plainUs = 0;
      for (const command of PLAIN_COMMANDS) {
        plainUs += await cpuUs(admin, () => runPlain(port, command));
      }
      plains.push(plainUs / TICKETS);
      await admin.flushall();

      const saleId = `sale-${round}`;
      const counter = await connectCounter({ address: redis.address, saleId, strategy: preDeduct });
      await counter.call({ script: "init", total: TICKETS, epoch: 1 }, TIMEOUT_MS);
      await counter.call({ script: "open", epoch: 1 }, TIMEOUT_MS);
      items.push((await cpuUs(admin, () => holdTickets(counter))) / TICKETS);
      await counter.close();
      await admin.flushall();
    }
    const itemUs = medianOf(items);
    const plainUs = medianOf(plains);
    return { itemUs, plainUs, ratio: itemUs / plainUs };
  } finally {
    admin.disconnect();
    await redis.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Processor time that Redis spends meanwhile, in microseconds. */
async function cpuUs(admin: Redis, work: () => Promise<void>): Promise<number> {
  const before = await usedUs(admin);
  await work();
  return (await usedUs(admin)) - before;
}

async function usedUs(admin: Redis): Promise<number> {
  const info = await admin.info("cpu");
  const seconds = (field: string): number =>
    Number(new RegExp(`^${field}:([\\d.]+)`, "m").exec(info)![1]);
  return 1e6 * (seconds("used_cpu_user") + seconds("used_cpu_sys"));
}

async function runPlain(port: number, command: readonly string[]): Promise<void> {
  const program = requireProgram("redis-benchmark", "redis-tools");
  const load = ["-p", String(port), "-q", "-P", "50", "-n", String(TICKETS), "-r", "1000000000"];
  const benchmark = spawn(program, [...load, ...command], { stdio: "ignore" });
  const [code] = (await once(benchmark, "exit")) as [number | null];
  if (code !== 0) throw new EnvironmentError(`redis-benchmark ${command[0]} failed: code ${code}`);
}

/** Every ticket under an id of its own, for a buyer of its own. */
async function holdTickets(counter: CounterClient): Promise<void> {
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < TICKETS) {
      const first = next;
      next += BATCH;
      const { results } = await counter.call(reserve(first), TIMEOUT_MS);
      const refused = results.find(({ code }) => code !== "OK");
      if (refused !== undefined) throw new Error(`reserve answered ${refused.code}`);
    }
  };
  await Promise.all(Array.from({ length: INFLIGHT }, caller));
}

function reserve(first: number): CounterCall {
  const items = Array.from({ length: BATCH }, (_, i) => {
    const number = String(first + i).padStart(12, "0");
    return {
      id: `r-${number}`,
      qty: 1,
      buyer: `b-${number}`,
      ttlMs: 900_000,
      maxPerBuyer: 4,
      requestDeadlineMs: 0,
    };
  });
  return { script: "reserve", epoch: 1, server: "server-1", incarnation: 0, items };
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) / 2];
}
