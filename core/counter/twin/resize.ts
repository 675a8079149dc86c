import type { CallOf, CounterReply } from "../calls.ts";
import { isCount, isQuantity } from "./arguments.ts";
import { enter, refuse, reply, saleOf } from "./prelude.ts";
import type { CounterState, Sale } from "../state.ts";

/** ../lua/resize.lua */
export function resize(
  state: CounterState,
  call: CallOf<"resize">,
  redisTimeMs: number,
): CounterReply {
  const { epoch, newTotal, expectedTotal } = call;
  if (!isCount(epoch)) return refuse("BADARG");
  if (!isQuantity(newTotal) || !isQuantity(expectedTotal)) return refuse("BADTOTAL");

  const ended = enter(state, epoch, redisTimeMs);
  if (ended !== null) return ended;

  const sale = saleOf(state);
  const code = resizeSale(sale, newTotal, expectedTotal);
  return reply(sale, code);
}

function resizeSale(sale: Sale, newTotal: number, expectedTotal: number): CounterReply["code"] {
  if (sale.total === newTotal) return "DUP";
  if (sale.total !== expectedTotal) return "CONFLICT";
  if (newTotal < sale.sold) return "BELOWSOLD";
  if (newTotal > sale.total) sale.generation = sale.generation + 1;
  sale.total = newTotal;
  return "OK";
}
