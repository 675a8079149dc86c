import type { CallOf, CounterReply, ItemResult } from "../calls.ts";
import { isBatchOfIds, isNameOrEmpty } from "./arguments.ts";
import { emit, enter, giveBack, refuse, reply, result, retire, saleOf } from "./prelude.ts";
import type { CounterState } from "../state.ts";

/** ../lua/refund.lua */
export function refund(
  state: CounterState,
  call: CallOf<"refund">,
  redisTimeMs: number,
): CounterReply {
  const { epoch, reason = "", items } = call;
  if (!isBatchOfIds(epoch, items) || !isNameOrEmpty(reason)) return refuse("BADARG");

  const ended = enter(state, epoch, redisTimeMs, items.length);
  if (ended !== null) return ended;

  const results = items.map(({ id }) => refundItem(state, id, reason));
  return reply(saleOf(state), "OK", results);
}

function refundItem(state: CounterState, id: string, reason: string): ItemResult {
  const row = state.rows.get(id);
  if (row === undefined) return result(state, "NOSUCH", id);
  if (row.state === "R") return result(state, "DUP", id);
  if (row.state !== "C") return result(state, "NOTCONFIRMED", id);
  giveBack(state, row);
  retire(state, id, row, "R");
  emit(state, "R", id, row, "", reason);
  emit(state, "refund", id, row, row.paymentId);
  return result(state, "OK", id);
}
