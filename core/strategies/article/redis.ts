/** The demo's counter on a real Redis: its own hash, its own script. */
import type { CounterCall, CounterReply } from "../../counter/calls.ts";
import type { EncodedCall } from "../../counter/encoding.ts";
import type { RedisCounter } from "../../counter/redis-counter.ts";
import { auditOf, replyOf, resultOf } from "./replies.ts";

/** The demo has one sale, and no name for it. */
const KEYS = ["ticket_hash_key"];

export const articleOnRedis: RedisCounter = {
  scriptFolder: "strategies/article/",
  encode,
  decode,
  outboxKey: () => null,
};

function encode(_saleId: string, call: CounterCall): EncodedCall {
  if (call.script === "init") return { script: "init", keys: KEYS, argv: [String(call.total)] };
  if (call.script !== "reserve") return { script: "read", keys: KEYS, argv: [] };
  if (call.items.length !== 1) throw new RangeError("the demo's script sells one ticket a call");
  return { script: "reserve", keys: KEYS, argv: ["ticket_total_nums", "ticket_sold_nums"] };
}

function decode(call: CounterCall, raw: unknown): CounterReply {
  if (call.script === "init") return replyOf({ total: call.total, sold: 0 });
  if (call.script === "reserve") {
    // The number of the ticket, or 0. How many are left, the script does not say.
    const results = call.items.map((item) => resultOf(call, item, raw !== 0));
    return { ...replyOf({ total: 0, sold: 0 }), results };
  }
  const [total, sold] = raw as [number, number];
  const reply = replyOf({ total, sold });
  return call.script === "audit" ? { ...reply, audit: auditOf({ total, sold }) } : reply;
}
