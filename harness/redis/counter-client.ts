/**
 * The counter of a sale on a real Redis.
 *
 * A call is sent once. What fails after it was sent has an unknown outcome, and asking what became
 * of it is the engine's business: a client that sent it again would deduct twice.
 */
import type { CounterCall, CounterReply, OutboxEvent } from "../../core/counter/calls.ts";
import { decodeScriptError } from "../../core/counter/encoding.ts";
import type { RedisCounter } from "../../core/counter/redis-counter.ts";
import type { Strategy } from "../../core/strategy.ts";
import { UsageError } from "../../sim/cli/usage-error.ts";
import type { RedisAddress } from "./address.ts";
import { CounterCallError } from "./call-error.ts";
import { command, connectRedis } from "./connection.ts";
import type { RedisConnection } from "./connection.ts";
import { OutboxStream } from "./outbox-stream.ts";
import { readScripts, shaOf } from "./scripts.ts";
import type { ScriptTexts } from "./scripts.ts";

/** Every method rejects with a CounterCallError; without a connection at once, as CONNECTION. */
export interface CounterClient {
  /** A refusal of the script itself (NOEVENT, BADQTY, ...) is a reply, with `error` set. */
  call(call: CounterCall, timeoutMs: number): Promise<CounterReply>;
  /** Events that no worker was given before, at most `count`. */
  readOutbox(consumer: string, count: number, timeoutMs: number): Promise<OutboxEvent[]>;
  /** Takes over what any worker has read and not acknowledged for `minIdleMs`. */
  claimOutbox(
    consumer: string,
    minIdleMs: number,
    count: number,
    timeoutMs: number,
  ): Promise<OutboxEvent[]>;
  ackOutbox(positions: readonly string[], timeoutMs: number): Promise<void>;
  /** Deletes what every consumer group has finished with. */
  trimOutbox(): Promise<void>;
  /** Events that the order workers have not acknowledged. */
  outboxBacklog(): Promise<number>;
  close(): Promise<void>;
}

export interface CounterOptions {
  readonly saleId: string;
  readonly strategy: Strategy;
  /** Other texts than the strategy's own files: for tests, and for mutants of the scripts. */
  readonly scripts?: ScriptTexts;
}

/**
 * @throws CounterCallError if Redis cannot be reached, UsageError if the strategy does not run on
 * one.
 */
export async function connectCounter(
  options: CounterOptions & { readonly address: RedisAddress },
): Promise<CounterClient> {
  redisCounterOf(options.strategy);
  return counterOn(await connectRedis(options.address), options);
}

/** The counter on a connection that is there already; `close` closes it. */
export function counterOn(connection: RedisConnection, options: CounterOptions): CounterClient {
  const { saleId } = options;
  const counter = redisCounterOf(options.strategy);
  const scripts = new Scripts(options.scripts ?? readScripts(counter));
  const outbox = new OutboxStream(connection, counter.outboxKey(saleId));
  return {
    async call(call, timeoutMs) {
      const { script, keys, argv } = counter.encode(saleId, call);
      let raw: unknown;
      try {
        raw = await scripts.run(connection, script, keys, argv, timeoutMs);
      } catch (error) {
        const refusal = decodeScriptError((error as Error).message);
        if (refusal === null) throw error;
        return refusal;
      }
      return counter.decode(call, raw);
    },
    readOutbox: (...read) => outbox.read(...read),
    claimOutbox: (...claim) => outbox.claim(...claim),
    ackOutbox: (...ack) => outbox.ack(...ack),
    trimOutbox: () => outbox.trim(),
    outboxBacklog: () => outbox.backlog(),
    close: async () => connection.disconnect(),
  };
}

/** @throws UsageError */
export function redisCounterOf({ name, counter }: Strategy): RedisCounter {
  if (counter.redis !== undefined) return counter.redis;
  throw new UsageError(`strategy ${name} has no scripts for a real Redis (counter.redis)`);
}

class Scripts {
  readonly #texts: ScriptTexts;
  readonly #shas: ReadonlyMap<string, string>;

  constructor(texts: ScriptTexts) {
    this.#texts = texts;
    this.#shas = new Map([...texts].map(([name, text]) => [name, shaOf(text)]));
  }

  /**
   * By hash; by text where the server does not know the hash: at the first call, and after each
   * restart, for the script cache is neither saved nor replicated. NOSCRIPT is the one error after
   * which a call may be sent again, as nothing ran.
   */
  async run(
    connection: RedisConnection,
    script: string,
    keys: readonly string[],
    argv: readonly string[],
    timeoutMs: number,
  ): Promise<unknown> {
    const sentMs = performance.now();
    try {
      const sha = this.#shas.get(script)!;
      return await command(connection, timeoutMs, "evalsha", sha, keys.length, ...keys, ...argv);
    } catch (error) {
      const leftMs = timeoutMs - (performance.now() - sentMs);
      if ((error as CounterCallError).code !== "NOSCRIPT" || leftMs <= 0) throw error;
      const text = this.#texts.get(script)!;
      return command(connection, leftMs, "eval", text, keys.length, ...keys, ...argv);
    }
  }
}
