import type { CallOf, CounterReply, ItemResult, ReserveItem, ScriptError } from "../calls.ts";
import { isBatch, isCount, isName, isNameOrEmpty, isQuantity } from "./arguments.ts";
import {
  addDeadline,
  emit,
  enter,
  hasStock,
  heardFrom,
  overBuyerLimit,
  refuse,
  reply,
  result,
  saleOf,
  take,
} from "./prelude.ts";
import type { CounterState, Row, Sale } from "../state.ts";

/** ../lua/reserve.lua */
export function reserve(
  state: CounterState,
  call: CallOf<"reserve">,
  redisTimeMs: number,
): CounterReply {
  const { epoch, server, incarnation, items } = call;
  if (!isBatch(items)) return refuse("BADARG");
  if (!isCount(epoch) || !isName(server) || !isCount(incarnation)) return refuse("BADARG");
  for (const item of items) {
    const error = errorIn(item);
    if (error !== null) return refuse(error);
  }

  const ended = enter(state, epoch, redisTimeMs, items.length);
  if (ended !== null) return ended;

  const results = items.map((item) => reserveItem(state, item, server, incarnation));
  heardFrom(state, server);
  return reply(saleOf(state), "OK", results);
}

function errorIn(item: ReserveItem): ScriptError | null {
  if (!isName(item.id)) return "BADARG";
  if (!isQuantity(item.qty)) return "BADQTY";
  if (!isNameOrEmpty(item.buyer)) return "BADARG";
  if (!isQuantity(item.ttlMs)) return "BADTTL";
  if (!isCount(item.maxPerBuyer)) return "BADARG";
  if (!isCount(item.requestDeadlineMs)) return "BADARG";
  return null;
}

/** A tombstone was never asked for anything, so every request is the same as it. */
function isSameRequest(row: Row, qty: number, buyer: string): boolean {
  return row.state === "D" || (row.qty === qty && row.buyer === buyer);
}

function isLate(sale: Sale, requestDeadlineMs: number): boolean {
  return requestDeadlineMs > 0 && sale.clockMs > requestDeadlineMs;
}

/**
 * The id comes before availability: a retry of the request that took the last ticket must find
 * its reservation, not SOLDOUT. Refusals are not stored.
 */
function reserveItem(
  state: CounterState,
  item: ReserveItem,
  server: string,
  incarnation: number,
): ItemResult {
  const sale = saleOf(state);
  const { id, qty, buyer, ttlMs, maxPerBuyer, requestDeadlineMs } = item;
  const found = state.rows.get(id);
  if (found !== undefined) {
    if (isSameRequest(found, qty, buyer)) return result(state, "DUP", id);
    return result(state, "CONFLICT", id);
  }
  if (!sale.open) return result(state, "NOTOPEN", id);
  if (isLate(sale, requestDeadlineMs)) return result(state, "LATE", id);
  if (overBuyerLimit(state, buyer, qty, maxPerBuyer)) return result(state, "USERLIMIT", id);
  if (!hasStock(sale, qty)) return result(state, "SOLDOUT", id);

  const row: Row = {
    state: "H",
    qty,
    deadlineMs: sale.clockMs + ttlMs,
    server,
    incarnation,
    buyer,
    maxPerBuyer,
    paymentId: "",
  };
  state.rows.set(id, row);
  take(state, row);
  addDeadline(state, id, row);
  emit(state, "H", id, row, "");
  return result(state, "OK", id);
}
