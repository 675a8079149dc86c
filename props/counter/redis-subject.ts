/** The Lua scripts on a real Redis, single or a Cluster, under a clock that the test steers. */
import { counterKeys, decodeOutboxEntry, decodeRow } from "../../core/counter/encoding.ts";
import { counterOnRedis } from "../../core/counter/redis-counter.ts";
import type { Sale } from "../../core/counter/state.ts";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import type { RedisConnection } from "../../harness/redis/connection.ts";
import { counterOn } from "../../harness/redis/counter-client.ts";
import { readScripts } from "../../harness/redis/scripts.ts";
import type { CounterSubject, Snapshot } from "./subject.ts";
import { byId, withoutPosition } from "./subject.ts";

const TIMEOUT_MS = 10_000;

const CLOCK_LINE = /^local function redisTimeMs\(\) .* end$/m;

/** The scripts as they are shipped, but that `redisTimeMs` reads a key instead of the clock. */
const STEERED_SCRIPTS = readScripts(counterOnRedis, (text, file) => {
  if (!file.endsWith("/prelude.lua")) return text;
  if (!CLOCK_LINE.test(text)) throw new Error("prelude.lua has no redisTimeMs line");
  return text.replace(
    CLOCK_LINE,
    "local function redisTimeMs() return tonumber(redis.call('GET', KEY_SALE .. ':clock')) end",
  );
});

export function createRedisSubject(client: RedisConnection, saleId: string): CounterSubject {
  const [saleKey, , deadlinesKey] = counterKeys(saleId);
  const counter = counterOn(client, { saleId, strategy: preDeduct, scripts: STEERED_SCRIPTS });
  return {
    async apply(call, redisTimeMs) {
      const clock = client.set(`${saleKey}:clock`, redisTimeMs);
      const reply = counter.call(call, TIMEOUT_MS);
      await clock;
      return reply;
    },
    snapshot: () => snapshotOf(client, saleId),
    async setClockOffset(offsetMs) {
      if (await client.exists(saleKey)) await client.hset(saleKey, "clock_offset_ms", offsetMs);
    },
    async loseSale() {
      await client.del(saleKey);
    },
    async addStrayDeadline(id, deadlineMs) {
      if (await client.exists(saleKey)) await client.zadd(deadlinesKey, deadlineMs, id);
    },
  };
}

async function snapshotOf(client: RedisConnection, saleId: string): Promise<Snapshot> {
  const [sale, rows, deadlines, retired, outbox, buyers, payments, servers] = counterKeys(saleId);
  const answers = await client
    .pipeline()
    .hgetall(sale)
    .hgetall(rows)
    .zrange(deadlines, "0", "-1", "WITHSCORES")
    .zrange(retired, "0", "-1", "WITHSCORES")
    .exists(outbox)
    .xrange(outbox, "-", "+")
    .hgetall(buyers)
    .hgetall(payments)
    .zrange(servers, "0", "-1", "WITHSCORES")
    .exec();
  const [hash, rowTexts, due, ended, outboxExists, entries, units, paid, heard] = answers!.map(
    ([error, value]) => {
      if (error) throw error;
      return value;
    },
  ) as [Fields, Fields, string[], string[], number, [string, string[]][], Fields, Fields, string[]];
  return {
    sale: decodeSale(hash),
    rows: byId(Object.entries(rowTexts)).map(([id, text]) => [id, decodeRow(text)]),
    deadlines: decodeScores(due),
    retired: decodeScores(ended),
    buyers: byId(Object.entries(units)).map(([buyer, text]) => [buyer, Number(text)]),
    payments: byId(Object.entries(paid)),
    servers: decodeScores(heard),
    outboxExists: outboxExists === 1,
    outbox: entries.map(([position, fields]) =>
      withoutPosition(decodeOutboxEntry(position, fields)),
    ),
  };
}

type Fields = Record<string, string>;

function decodeSale(hash: Fields): Sale | null {
  if (Object.keys(hash).length === 0) return null;
  return {
    total: Number(hash["ticket_total_nums"]),
    sold: Number(hash["ticket_sold_nums"]),
    epoch: Number(hash["epoch"]),
    generation: Number(hash["generation"]),
    open: hash["open"] === "1",
    clockMs: Number(hash["clock_ms"]),
    clockOffsetMs: Number(hash["clock_offset_ms"]),
  };
}

function decodeScores(flat: readonly string[]): (readonly [string, number])[] {
  const pairs: (readonly [string, number])[] = [];
  for (let i = 0; i < flat.length; i += 2) pairs.push([flat[i], Number(flat[i + 1])]);
  return pairs;
}
