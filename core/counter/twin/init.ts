import type { CallOf, CounterReply } from "../calls.ts";
import { isCount, isQuantity } from "./arguments.ts";
import { counterTimeMs, refuse, reply } from "./prelude.ts";
import type { CounterState, Sale } from "../state.ts";

/** ../lua/init.lua */
export function init(state: CounterState, call: CallOf<"init">, redisTimeMs: number): CounterReply {
  const { total, epoch } = call;
  if (!isQuantity(total)) return refuse("BADTOTAL");
  if (!isCount(epoch)) return refuse("BADARG");

  const found = state.sale;
  if (found !== null) {
    const timeMs = counterTimeMs(found, redisTimeMs);
    if (found.total === total && found.epoch === epoch) return reply(found, "EXISTS", [], timeMs);
    return reply(found, "CONFLICT", [], timeMs);
  }

  const sale: Sale = {
    total,
    sold: 0,
    epoch,
    generation: 0,
    open: false,
    clockMs: redisTimeMs,
    clockOffsetMs: 0,
  };
  // A sale whose hash was lost is not a new sale: what it sold still stands in the other keys.
  // Of these the outbox is never empty: init itself creates it.
  if (state.outbox.exists) return reply({ ...sale, total: 0, epoch: 0 }, "CONFLICT");
  state.sale = sale;
  state.outbox.exists = true;
  return reply(sale, "OK");
}
