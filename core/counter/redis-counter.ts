/** How a counter lives on a real Redis: its keys, its scripts, and the words of both. */
import type { CounterCall, CounterReply } from "./calls.ts";
import { counterKeys, decodeReply, encodeCall } from "./encoding.ts";
import type { EncodedCall } from "./encoding.ts";

/** A world reads the scripts, loads them, and runs what `encode` says. */
export interface RedisCounter {
  /**
   * Folder of the Lua files, below `core/`, with a slash at its end. A file `prelude.lua` in it is
   * spliced into each of the others; what `encode` calls `reserve` is the file `reserve.lua`.
   */
  readonly scriptFolder: string;
  encode(this: void, saleId: string, call: CounterCall): EncodedCall;
  /** Throws a TypeError if the script's return value has another shape. */
  decode(this: void, call: CounterCall, raw: unknown): CounterReply;
  /** The stream of the outbox; null if the counter has none. */
  outboxKey(this: void, saleId: string): string | null;
}

/** The scripts of this counter. */
export const counterOnRedis: RedisCounter = {
  scriptFolder: "counter/lua/",
  encode: encodeCall,
  decode: decodeReply,
  outboxKey: (saleId) => counterKeys(saleId)[4],
};
