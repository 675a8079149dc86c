import type { CallOf, ConfirmItem, CounterReply, ItemResult, LatePayment } from "../calls.ts";
import { isBatch, isCount, isName } from "./arguments.ts";
import {
  emit,
  enter,
  hasStock,
  overBuyerLimit,
  refuse,
  removeDeadline,
  reply,
  result,
  saleOf,
  take,
  tombstone,
  unretire,
} from "./prelude.ts";
import type { CounterState, Payment, Row } from "../state.ts";

/** ../lua/confirm.lua */
export function confirm(
  state: CounterState,
  call: CallOf<"confirm">,
  redisTimeMs: number,
): CounterReply {
  const { epoch, latePayment, items } = call;
  if (!isBatch(items)) return refuse("BADARG");
  if (!isCount(epoch)) return refuse("BADARG");
  if (latePayment !== "lazy" && latePayment !== "strict" && latePayment !== "revive") {
    return refuse("BADARG");
  }
  for (const { id, paymentId } of items) {
    if (!isName(id) || !isName(paymentId)) return refuse("BADARG");
  }

  const ended = enter(state, epoch, redisTimeMs, items.length);
  if (ended !== null) return ended;

  const results = items.map((item) => confirmItem(state, item, latePayment));
  return reply(saleOf(state), "OK", results);
}

/** The first final answer to a payment stands for good. */
function answerPayment(
  state: CounterState,
  paymentId: string,
  id: string,
  code: Payment["code"],
): ItemResult {
  state.payments.set(paymentId, { id, code });
  return result(state, code, id);
}

/** Charged, and confirms nothing: the money goes back, once for each payment. */
function giveMoneyBack(
  state: CounterState,
  paymentId: string,
  id: string,
  code: Payment["code"],
  row: Row,
): ItemResult {
  emit(state, "refund", id, row, paymentId);
  return answerPayment(state, paymentId, id, code);
}

function confirmRow(
  state: CounterState,
  paymentId: string,
  id: string,
  code: Payment["code"],
  row: Row,
): ItemResult {
  row.state = "C";
  row.paymentId = paymentId;
  emit(state, "C", id, row, paymentId);
  return answerPayment(state, paymentId, id, code);
}

/**
 * A redelivered payment hears its first answer again, whatever became of the reservation since;
 * where that answer confirmed, it is DUP.
 */
function redelivered(state: CounterState, payment: Payment, id: string): ItemResult {
  if (payment.id !== id) return result(state, "PAYMENTCONFLICT", id);
  if (payment.code === "OK" || payment.code === "REVIVED") {
    return result(state, "DUP", id);
  }
  return result(state, payment.code, id);
}

function isRefusedLate(state: CounterState, row: Row, latePayment: LatePayment): boolean {
  return latePayment === "strict" && saleOf(state).clockMs >= row.deadlineMs;
}

function canRevive(state: CounterState, row: Row, latePayment: LatePayment): boolean {
  return (
    latePayment === "revive" &&
    hasStock(saleOf(state), row.qty) &&
    !overBuyerLimit(state, row.buyer, row.qty, row.maxPerBuyer)
  );
}

function confirmItem(
  state: CounterState,
  { id, paymentId }: ConfirmItem,
  latePayment: LatePayment,
): ItemResult {
  const payment = state.payments.get(paymentId);
  if (payment !== undefined) return redelivered(state, payment, id);

  const row = state.rows.get(id);
  if (row === undefined) {
    return giveMoneyBack(state, paymentId, id, "NOSUCH", tombstone(state, id));
  }
  if (row.state === "H") {
    if (isRefusedLate(state, row, latePayment)) {
      return giveMoneyBack(state, paymentId, id, "EXPIRED", row);
    }
    removeDeadline(state, id);
    return confirmRow(state, paymentId, id, "OK", row);
  }
  if (row.state === "C") return giveMoneyBack(state, paymentId, id, "DOUBLEPAY", row);
  if (row.state === "X") {
    if (!canRevive(state, row, latePayment)) {
      return giveMoneyBack(state, paymentId, id, "EXPIRED", row);
    }
    take(state, row);
    unretire(state, id);
    return confirmRow(state, paymentId, id, "REVIVED", row);
  }
  return giveMoneyBack(state, paymentId, id, "RELEASED", row);
}
