/** How many script calls Redis has run, counted by Redis itself. */
import type { RedisAddress } from "../redis/address.ts";
import { command, connectRedis } from "../redis/connection.ts";
import type { RedisConnection } from "../redis/connection.ts";

const TIMEOUT_MS = 2000;

export class ScriptCalls {
  readonly #connection: RedisConnection;
  /** What Redis said last: a restart begins at 0 again. */
  #last = 0;
  #count = 0;

  private constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  static async open(address: RedisAddress): Promise<ScriptCalls> {
    const calls = new ScriptCalls(await connectRedis(address));
    await calls.look();
    // What ran before is not counted.
    calls.#count = 0;
    return calls;
  }

  /** Since it was opened, up to the last look. */
  get count(): number {
    return this.#count;
  }

  /** Nothing happens while Redis is out of reach. */
  async look(): Promise<void> {
    let text: string;
    try {
      text = (await command(this.#connection, TIMEOUT_MS, "info", "commandstats")) as string;
    } catch {
      return;
    }
    // "cmdstat_evalsha:calls=12,usec=…,rejected_calls=0,failed_calls=3"
    const ran = [...text.matchAll(/^cmdstat_eval(?:sha)?:calls=(\d+).*?failed_calls=(\d+)/gmu)]
      .map(([, calls, failed]) => Number(calls) - Number(failed))
      .reduce((sum, calls) => sum + calls, 0);
    this.#count += ran >= this.#last ? ran - this.#last : ran;
    this.#last = ran;
  }

  async close(): Promise<void> {
    this.#connection.disconnect();
  }
}
