/** The local decision on a request: refuse, admit, or wait for the counter's word. */
import type { TryAgainReason } from "../answers.ts";
import { isClosedFor, isFresh } from "../latch.ts";
import type { ServerEffect } from "../strategy.ts";
import { enqueue, sendCall } from "./batches.ts";
import type { EngineState, WaitingBuy } from "./state.ts";

/** The refusal on the counter's recent word: no call, no allocation, no change of state. */
export function quickRefusal(state: EngineState, qty: number, nowMs: number): "SOLDOUT" | null {
  return isClosedFor(state.latch, qty) && isFresh(state.latch, nowMs, state.config.rules.pollMs)
    ? "SOLDOUT"
    : null;
}

/** Decides on one request. */
export function admit(
  state: EngineState,
  buy: WaitingBuy,
  nowMs: number,
  out: ServerEffect[],
): void {
  decide(state, buy, isFresh(state.latch, nowMs, state.config.rules.pollMs), nowMs, out);
}

function decide(
  state: EngineState,
  buy: WaitingBuy,
  fresh: boolean,
  nowMs: number,
  out: ServerEffect[],
): void {
  const underWay = state.attempts.get(buy.id);
  if (underWay !== undefined) {
    // The same request again while the first is under way: one reservation, one slot, two answers.
    if (state.unresolved.has(buy.id)) out.push(unknown(buy));
    else if (underWay.item.qty !== buy.qty || underWay.item.buyer !== buy.buyer)
      tryAgain(buy, "id-spent", out);
    else underWay.handles.push(buy.handle);
    return;
  }
  if (state.draining) return tryAgain(buy, "draining", out);
  const { rules } = state.config;
  if (state.queue.length >= rules.waitingMax) return tryAgain(buy, "overload", out);
  if (isClosedFor(state.latch, buy.qty)) {
    if (fresh) out.push({ type: "answer", handle: buy.handle, answer: "SOLDOUT", id: buy.id });
    else wait(state, buy, nowMs, out);
  } else if (state.taken + buy.qty <= state.quota) {
    reserve(state, buy, nowMs, out);
  } else if (rules.refill === "off" && fresh) {
    // Quota spent with stock left elsewhere: that is not "sold out".
    tryAgain(buy, "quota", out);
  } else {
    wait(state, buy, nowMs, out);
  }
}

/** Spends the slot and queues the reservation: the slot is spent before the call. */
function reserve(state: EngineState, buy: WaitingBuy, nowMs: number, out: ServerEffect[]): void {
  const { sale, rules } = state.config;
  state.taken += buy.qty;
  const item = {
    id: buy.id,
    qty: buy.qty,
    buyer: buy.buyer,
    ttlMs: sale.holdMs,
    maxPerBuyer: sale.maxPerBuyer,
    requestDeadlineMs:
      state.counterTimeMs === 0
        ? 0
        : Math.ceil(state.counterTimeMs + (nowMs - state.counterHeardMs) + rules.requestLifetimeMs),
  };
  state.attempts.set(buy.id, { item, handles: [buy.handle] });
  enqueue(state, { script: "reserve", item }, out);
}

/** Parks a request until the counter has spoken; one call asks for everyone who waits. */
function wait(state: EngineState, buy: WaitingBuy, nowMs: number, out: ServerEffect[]): void {
  if (nowMs < state.unreachableUntilMs) return tryAgain(buy, "unreachable", out);
  if (state.waiting.length >= state.config.rules.waitingMax) return tryAgain(buy, "overload", out);
  state.waiting.push(buy);
  askForWord(state, nowMs, out);
}

/** Asks the counter for its word and, where refill is on, for quota. One such call at a time. */
export function askForWord(state: EngineState, nowMs: number, out: ServerEffect[]): void {
  if (state.grantOp !== 0) return;
  const { name, rules } = state.config;
  state.grantOp = sendCall(
    state,
    { script: "grant", epoch: state.epoch, server: name, liveMs: rules.liveMs },
    [],
    nowMs,
    out,
  );
}

/**
 * The counter has spoken: decides again on everyone who waited. `share` is this server's part of
 * the stock that is left.
 */
export function wordHeard(
  state: EngineState,
  share: number,
  nowMs: number,
  out: ServerEffect[],
): void {
  const waiting = state.waiting;
  if (waiting.length === 0) return;
  state.waiting = [];
  if (state.config.rules.refill === "on-demand") {
    // Quota grows by the share, but at least to what the first in line wants, if that much is left.
    const wanted = state.taken + waiting[0].qty - state.quota;
    state.quota += Math.max(share, Math.min(wanted, state.latch.left), 0);
  }
  // Who waited is judged on this word, however long the call took: a word that is slow to come
  // would otherwise be stale on arrival, and they would wait for ever.
  for (const buy of waiting) decide(state, buy, true, nowMs, out);
}

/** The counter is out of reach: whoever waited for it is told so. */
export function wordFailed(state: EngineState, nowMs: number, out: ServerEffect[]): void {
  state.unreachableUntilMs = nowMs + state.config.rules.pollMs;
  const waiting = state.waiting;
  state.waiting = [];
  for (const buy of waiting) tryAgain(buy, "unreachable", out);
}

function tryAgain(buy: WaitingBuy, reason: TryAgainReason, out: ServerEffect[]): void {
  out.push({ type: "answer", handle: buy.handle, answer: "TRYAGAIN", id: buy.id, reason });
}

function unknown(buy: WaitingBuy): ServerEffect {
  return { type: "answer", handle: buy.handle, answer: "UNKNOWN", id: buy.id };
}
