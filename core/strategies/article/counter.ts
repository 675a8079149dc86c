/** The demo's counter: two numbers, and a comparison that is wrong by one. */
import type {
  CallOf,
  CounterCall,
  CounterReply,
  ItemResult,
  ReserveItem,
} from "../../counter/calls.ts";
import type { CounterDefinition } from "../../strategy.ts";
import { articleOnRedis } from "./redis.ts";
import { auditOf, replyOf, resultOf } from "./replies.ts";

export interface ArticleCounter {
  total: number;
  sold: number;
}

export const articleCounter: CounterDefinition<ArticleCounter> = {
  create: () => ({ total: 0, sold: 0 }),
  apply,
  audit: auditOf,
  outbox: null,
  redis: articleOnRedis,
};

function apply(state: ArticleCounter, call: CounterCall, redisTimeMs: number): CounterReply {
  if (call.script === "init") state.total = call.total;
  const results =
    call.script === "reserve" ? call.items.map((item) => sell(state, call, item)) : [];
  const reply = { ...replyOf(state), timeMs: redisTimeMs, results };
  return call.script === "audit" ? { ...reply, audit: auditOf(state) } : reply;
}

/** reserve.lua, whatever is wanted and by whom. */
function sell(state: ArticleCounter, call: CallOf<"reserve">, item: ReserveItem): ItemResult {
  const sells = state.total >= state.sold;
  if (sells) state.sold += 1;
  return resultOf(call, item, sells);
}
