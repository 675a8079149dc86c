import type { CallOf, CounterReply } from "../calls.ts";
import { isCount } from "./arguments.ts";
import { enter, refuse, reply, saleOf } from "./prelude.ts";
import type { CounterState } from "../state.ts";

/** ../lua/open.lua */
export function open(state: CounterState, call: CallOf<"open">, redisTimeMs: number): CounterReply {
  if (!isCount(call.epoch)) return refuse("BADARG");

  const ended = enter(state, call.epoch, redisTimeMs);
  if (ended !== null) return ended;

  const sale = saleOf(state);
  const code = sale.open ? "DUP" : "OK";
  sale.open = true;
  return reply(sale, code);
}
