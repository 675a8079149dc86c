import type { CallOf, CounterReply, ItemResult } from "../calls.ts";
import { isBatchOfIds } from "./arguments.ts";
import { enter, refuse, reply, result, saleOf, tombstone } from "./prelude.ts";
import type { CounterState } from "../state.ts";

/** ../lua/settle.lua */
export function settle(
  state: CounterState,
  call: CallOf<"settle">,
  redisTimeMs: number,
): CounterReply {
  const { epoch, items } = call;
  if (!isBatchOfIds(epoch, items)) return refuse("BADARG");

  const ended = enter(state, epoch, redisTimeMs, items.length);
  if (ended !== null) return ended;

  const results = items.map(({ id }) => settleItem(state, id));
  return reply(saleOf(state), "OK", results);
}

function settleItem(state: CounterState, id: string): ItemResult {
  if (!state.rows.has(id)) tombstone(state, id);
  return result(state, "OK", id);
}
