/** The Lua scripts on a real Redis, under a clock that the test steers. */
import type { Redis } from "ioredis";
import type { CounterCall, CounterReply, ScriptName } from "../../core/counter/calls.ts";
import {
  counterKeys,
  decodeOutboxEntry,
  decodeReply,
  decodeRow,
  decodeScriptError,
  encodeCall,
} from "../../core/counter/encoding.ts";
import type { Sale } from "../../core/counter/state.ts";
import { loadScripts } from "./load-scripts.ts";
import type { CounterSubject, Snapshot } from "./subject.ts";
import { byId, withoutPosition } from "./subject.ts";

/** Which script has which SHA1, for one server and one way to load them. */
export type LoadedScripts = ReadonlyMap<ScriptName, string>;

/** The scripts as they are shipped, but that `redisTimeMs` reads a key instead of the clock. */
export async function loadSteeredScripts(client: Redis): Promise<LoadedScripts> {
  return load(client, loadScripts(steerClock));
}

/** The scripts as they are shipped. */
export async function loadShippedScripts(client: Redis): Promise<LoadedScripts> {
  return load(client, loadScripts());
}

async function load(
  client: Redis,
  sources: ReadonlyMap<ScriptName, string>,
): Promise<LoadedScripts> {
  const loaded = new Map<ScriptName, string>();
  for (const [name, source] of sources) {
    loaded.set(name, (await client.script("LOAD", source)) as string);
  }
  return loaded;
}

const CLOCK_LINE = /^local function redisTimeMs\(\) .* end$/m;

function steerClock(prelude: string): string {
  if (!CLOCK_LINE.test(prelude)) throw new Error("prelude.lua has no redisTimeMs line");
  return prelude.replace(
    CLOCK_LINE,
    "local function redisTimeMs() return tonumber(redis.call('GET', KEY_SALE .. ':clock')) end",
  );
}

/** Runs the script; a refusal of its own is a reply, any other error is thrown. */
export async function runScript(
  client: Redis,
  scripts: LoadedScripts,
  saleId: string,
  call: CounterCall,
): Promise<CounterReply> {
  const { script, keys, argv } = encodeCall(saleId, call);
  try {
    const raw = await client.evalsha(scripts.get(script)!, keys.length, ...keys, ...argv);
    return decodeReply(call, raw);
  } catch (error) {
    const refusal = decodeScriptError((error as Error).message);
    if (refusal === null) throw error;
    return refusal;
  }
}

export function createRedisSubject(
  client: Redis,
  scripts: LoadedScripts,
  saleId: string,
): CounterSubject {
  const [saleKey, , deadlinesKey] = counterKeys(saleId);
  return {
    async apply(call, redisTimeMs) {
      const clock = client.set(`${saleKey}:clock`, redisTimeMs);
      const reply = runScript(client, scripts, saleId, call);
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

async function snapshotOf(client: Redis, saleId: string): Promise<Snapshot> {
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
