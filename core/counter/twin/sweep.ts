import type { CallOf, CounterReply, SweptReservation } from "../calls.ts";
import { popUntil } from "../sorted-set.ts";
import { isCount, isQuantity, MAX_ITEMS } from "./arguments.ts";
import { emit, enter, giveBack, refuse, reply, retire, saleOf } from "./prelude.ts";
import type { CounterState } from "../state.ts";

/** ../lua/sweep.lua */
export function sweep(
  state: CounterState,
  call: CallOf<"sweep">,
  redisTimeMs: number,
): CounterReply {
  const { epoch, limit, graceMs, retainMs } = call;
  if (!isCount(epoch) || !isCount(graceMs) || !isCount(retainMs)) return refuse("BADARG");
  if (!isQuantity(limit) || limit > MAX_ITEMS) return refuse("BADARG");

  const ended = enter(state, epoch, redisTimeMs);
  if (ended !== null) return ended;

  const sale = saleOf(state);
  const due = popUntil(state.deadlines, sale.clockMs - graceMs, limit);
  const outlived = popUntil(state.retired, sale.clockMs - retainMs, limit);
  for (const id of outlived) state.rows.delete(id);
  const swept: SweptReservation[] = [];
  for (const id of due) {
    const expired = expireItem(state, id);
    if (expired !== null) swept.push(expired);
  }
  return { ...reply(sale, "OK"), swept };
}

/** The state decides, not the entry: a row that is no longer held is left as it is. */
function expireItem(state: CounterState, id: string): SweptReservation | null {
  const row = state.rows.get(id);
  if (row === undefined || row.state !== "H") return null;
  giveBack(state, row);
  retire(state, id, row, "X");
  emit(state, "X", id, row, "");
  return { id, qty: row.qty };
}
