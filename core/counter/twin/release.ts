import type { CallOf, CounterReply, ItemResult } from "../calls.ts";
import { isBatchOfIds, isNameOrEmpty } from "./arguments.ts";
import {
  emit,
  enter,
  giveBack,
  refuse,
  removeDeadline,
  reply,
  result,
  retire,
  saleOf,
  tombstone,
} from "./prelude.ts";
import type { CounterState } from "../state.ts";

/** ../lua/release.lua */
export function release(
  state: CounterState,
  call: CallOf<"release">,
  redisTimeMs: number,
): CounterReply {
  const { epoch, reason = "", items } = call;
  if (!isBatchOfIds(epoch, items) || !isNameOrEmpty(reason)) return refuse("BADARG");

  const ended = enter(state, epoch, redisTimeMs, items.length);
  if (ended !== null) return ended;

  const results = items.map(({ id }) => releaseItem(state, id, reason));
  return reply(saleOf(state), "OK", results);
}

function releaseItem(state: CounterState, id: string, reason: string): ItemResult {
  const row = state.rows.get(id);
  if (row === undefined) {
    tombstone(state, id);
    return result(state, "TOMBSTONE", id);
  }
  if (row.state === "C") return result(state, "CONFIRMED", id);
  if (row.state !== "H") return result(state, "DUP", id);
  removeDeadline(state, id);
  giveBack(state, row);
  retire(state, id, row, "L");
  emit(state, "L", id, row, "", reason);
  return result(state, "OK", id);
}
