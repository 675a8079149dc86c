/**
 * Every event of a sale in the order in which the counter emitted them: what the history's judge
 * takes for the counter's own word.
 *
 * The log reads the stream beside the order workers. A consumer group of its own marks how far it
 * has come, so that nobody trims what it has not read; a log that is opened again goes on there.
 */
import type { OutboxEvent } from "../../core/counter/calls.ts";
import { decodeOutboxEntry } from "../../core/counter/encoding.ts";
import type { Strategy } from "../../core/strategy.ts";
import type { RedisAddress } from "./address.ts";
import type { CounterCallError } from "./call-error.ts";
import { command, connectRedis } from "./connection.ts";
import { redisCounterOf } from "./counter-client.ts";
import type { StreamEntry } from "./outbox-stream.ts";

const GROUP = "history";
const PAGE = 1000;
const TIMEOUT_MS = 5000;

export interface LoggedEvent {
  readonly event: OutboxEvent;
  /** When Redis appended it, by its own clock: Unix time in milliseconds. */
  readonly atMs: number;
}

export interface OutboxLog {
  /**
   * What was emitted since the last poll, in order; nothing as long as there is no sale. Rejects
   * with a CounterCallError; the next poll then gives what this one would have given.
   */
  poll(): Promise<LoggedEvent[]>;
  close(): Promise<void>;
}

/** To miss nothing, open and poll it between `init` and `open` of the sale. */
export async function openOutboxLog(options: {
  readonly address: RedisAddress;
  readonly saleId: string;
  readonly strategy: Strategy;
}): Promise<OutboxLog> {
  const key = redisCounterOf(options.strategy).outboxKey(options.saleId);
  if (key === null) throw new Error(`strategy ${options.strategy.name} has no outbox`);
  const connection = await connectRedis(options.address);
  const ask = (name: string, ...parameters: (string | number)[]): Promise<unknown> =>
    command(connection, TIMEOUT_MS, name, ...parameters);

  /** The position of the last event returned; null as long as there is no group. */
  let last: string | null = null;

  return {
    async poll() {
      last ??= await joinGroup(ask, key);
      if (last === null) return [];
      // What the poll before returned is safe to trim, and not what this one is about to read: its
      // caller would miss that if the reply were lost.
      await ask("xgroup", "SETID", key, GROUP, last);
      const entries: StreamEntry[] = [];
      for (let read = PAGE; read === PAGE;) {
        const after: string = entries.at(-1)?.[0] ?? last;
        const page = await ask("xrange", key, `(${after}`, "+", "COUNT", PAGE);
        read = (page as StreamEntry[]).length;
        entries.push(...(page as StreamEntry[]));
      }
      last = entries.at(-1)?.[0] ?? last;
      return entries.map(([position, fields]) => ({
        event: decodeOutboxEntry(position, fields),
        atMs: Number(position.split("-")[0]),
      }));
    },
    close: async () => connection.disconnect(),
  };
}

type Ask = (name: string, ...parameters: (string | number)[]) => Promise<unknown>;

/** The position up to which the log was read before; null if there is no outbox to read. */
async function joinGroup(ask: Ask, key: string): Promise<string | null> {
  try {
    await ask("xgroup", "CREATE", key, GROUP, "0");
    return "0-0";
  } catch (error) {
    const { code, message } = error as CounterCallError;
    if (code === "BUSYGROUP") return markedPosition(ask, key);
    if (message.includes("requires the key to exist")) return null;
    throw error;
  }
}

async function markedPosition(ask: Ask, key: string): Promise<string> {
  const groups = (await ask("xinfo", "GROUPS", key)) as (string | number)[][];
  const own = groups.find((flat) => flat[flat.indexOf("name") + 1] === GROUP)!;
  return String(own[own.indexOf("last-delivered-id") + 1]);
}
