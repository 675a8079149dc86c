/**
 * Reservations whose call was lost: the ticket may or may not be deducted. Their slots stay spent
 * until `settle` has told, and settle leaves a tombstone where there was nothing, so that a request
 * still under way cannot deduct afterwards. Never a blind second reserve.
 */
import type { ItemResult } from "../counter/calls.ts";
import type { ServerEffect } from "../strategy.ts";
import { enqueue } from "./batches.ts";
import { NO_HANDLE } from "./state.ts";
import type { Attempt, EngineState } from "./state.ts";

/** The call of this attempt failed without a definite answer. */
export function becomesUnresolved(state: EngineState, attempt: Attempt, out: ServerEffect[]): void {
  const { id } = attempt.item;
  state.unresolved.set(id, attempt);
  for (const handle of attempt.handles) out.push({ type: "answer", handle, answer: "UNKNOWN", id });
  setSettleTimer(state, out);
}

/** Asks for every unresolved id, again and again until the last one is known. */
export function settleTimer(state: EngineState, out: ServerEffect[]): void {
  state.settleTimerSet = false;
  // While the last questions still wait for their turn, more of them would only hold up the rest.
  if (!state.queue.some((queued) => queued.script === "settle" && queued.handle === NO_HANDLE)) {
    for (const id of state.unresolved.keys())
      enqueue(state, { script: "settle", item: { id }, handle: NO_HANDLE }, out);
  }
  setSettleTimer(state, out);
}

/**
 * The counter told what became of an id: its slot is kept only by a live row of our own, and only
 * if no earlier attempt keeps one for that row.
 */
export function resolved(state: EngineState, id: string, result: ItemResult): void {
  const attempt = state.unresolved.get(id);
  if (attempt === undefined) return;
  state.unresolved.delete(id);
  state.attempts.delete(id);
  const { name, incarnation } = state.config;
  const live = result.state === "H" || result.state === "C";
  const mine = result.server === name && result.incarnation === incarnation;
  if (live && mine && !state.kept.has(id)) state.kept.add(id);
  else state.taken -= attempt.item.qty;
}

function setSettleTimer(state: EngineState, out: ServerEffect[]): void {
  if (state.settleTimerSet || state.unresolved.size === 0) return;
  state.settleTimerSet = true;
  out.push({ type: "timer", timer: "settle", afterMs: state.config.rules.settleMs });
}
