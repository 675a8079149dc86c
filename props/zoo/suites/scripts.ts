/** Suite `scripts`: the same random histories on the Lua scripts, run by a real Redis. */
import { readFile } from "node:fs/promises";
import type { Redis } from "ioredis";
import { assembleScript } from "../../../core/counter/assemble.ts";
import type { CounterCall, CounterReply, OutboxEvent } from "../../../core/counter/calls.ts";
import {
  counterKeys,
  decodeOutboxEntry,
  decodeReply,
  decodeScriptError,
  encodeCall,
  OUTBOX_GROUP,
  SCRIPT_NAMES,
} from "../../../core/counter/encoding.ts";
import { playCounter } from "./play-counter.ts";
import type { CounterUnderTest } from "./play-counter.ts";
import type { Outcome } from "./suite.ts";

const ROOT = new URL("../../../", import.meta.url);
const LUA = "core/counter/lua/";
const SALE = "zoo";
const [SALE_KEY, , , , OUTBOX_KEY] = counterKeys(SALE);
const CLOCK_KEY = `${SALE_KEY}:clock`;
const PLANTED_KEY = `${SALE_KEY}:planted`;

/** On one line in the prelude: it reads a key instead of the clock. */
const CLOCK_LINE = /^local function redisTimeMs\(\) .* end$/m;
const STEERED_CLOCK = `local function redisTimeMs() return tonumber(redis.call('GET', '${CLOCK_KEY}')) end`;
/** Beside it, so that every script has it: the mark of a planted bug. */
const PLANTED = `local function planted() redis.call('INCR', '${PLANTED_KEY}') return true end`;
const EVENTS_PER_READ = 10;

/** The scripts of one mutant, loaded. */
export class Scripts {
  readonly #client: Redis;
  readonly #shaOf: ReadonlyMap<string, string>;
  #hits = 0;

  private constructor(client: Redis, shaOf: ReadonlyMap<string, string>) {
    this.#client = client;
    this.#shaOf = shaOf;
  }

  /** `patched`: texts by file from the root of the project, instead of what lies there. */
  static async load(client: Redis, patched: ReadonlyMap<string, string>): Promise<Scripts> {
    const read = async (name: string): Promise<string> =>
      patched.get(`${LUA}${name}.lua`) ?? readFile(new URL(`${LUA}${name}.lua`, ROOT), "utf8");
    const prelude = await read("prelude");
    if (!CLOCK_LINE.test(prelude)) throw new Error("prelude.lua has no line of redisTimeMs");
    const steered = prelude.replace(CLOCK_LINE, `${STEERED_CLOCK}\n${PLANTED}`);
    const shaOf = new Map<string, string>();
    for (const name of SCRIPT_NAMES) {
      // oxlint-disable-next-line no-await-in-loop -- eleven small files
      const script = assembleScript(await read(name), steered);
      // oxlint-disable-next-line no-await-in-loop
      shaOf.set(name, (await client.script("LOAD", script)) as string);
    }
    return new Scripts(client, shaOf);
  }

  /** How often the planted bug was reached. */
  get plantedHits(): number {
    return this.#hits;
  }

  /** On a Redis that nobody else uses: it is empty before, and empty afterwards. */
  async play(seed: bigint): Promise<Outcome> {
    const client = this.#client;
    const outcome = await playCounter(this.#counter(), seed);
    this.#hits += Number(await client.get(PLANTED_KEY));
    await client.config("SET", "maxmemory", 0);
    await client.flushdb();
    return outcome;
  }

  #counter(): CounterUnderTest {
    const client = this.#client;
    let isFull = false;
    const limitMemory = (limit: boolean): Promise<unknown> =>
      client.config("SET", "maxmemory", limit ? 1 : 0);
    /** What the suite does to Redis is done although its memory is full. */
    const steer = async (change: () => Promise<unknown>): Promise<void> => {
      if (isFull) await limitMemory(false);
      await change();
      if (isFull) await limitMemory(true);
    };
    return {
      apply: async (call, redisTimeMs) => {
        await steer(() => client.set(CLOCK_KEY, redisTimeMs));
        return this.#run(call);
      },
      takeEvents: () => takeEvents(client),
      setClockOffset: (offsetMs) =>
        steer(async () => {
          if (await client.exists(SALE_KEY))
            await client.hset(SALE_KEY, "clock_offset_ms", offsetMs);
        }),
      loseSale: () => steer(() => client.del(SALE_KEY)),
      async setMemoryFull(full) {
        isFull = full;
        await limitMemory(full);
      },
    };
  }

  async #run(call: CounterCall): Promise<CounterReply | null> {
    const { script, keys, argv } = encodeCall(SALE, call);
    try {
      const sha = this.#shaOf.get(script)!;
      return decodeReply(call, await this.#client.evalsha(sha, keys.length, ...keys, ...argv));
    } catch (error) {
      const { message } = error as Error;
      if (message.startsWith("OOM")) return null;
      const refusal = decodeScriptError(message);
      if (refusal === null) throw error;
      return refusal;
    }
  }
}

async function takeEvents(client: Redis): Promise<OutboxEvent[]> {
  // prettier-ignore
  const read = (await client.xreadgroup(
    "GROUP", OUTBOX_GROUP, "worker", "COUNT", EVENTS_PER_READ, "STREAMS", OUTBOX_KEY, ">",
  )) as [string, [string, string[]][]][] | null;
  const entries = read?.[0][1] ?? [];
  if (entries.length === 0) return [];
  await client.xack(OUTBOX_KEY, OUTBOX_GROUP, ...entries.map(([position]) => position));
  return entries.map(([position, fields]) => decodeOutboxEntry(position, fields));
}
