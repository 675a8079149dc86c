/**
 * Batches: items that wait go to the counter as one script call, with one result for each.
 *
 * Batching is state of the core, not of a driver: a driver that batched by itself would be a second
 * engine. Inputs queue; the input `flush` emits.
 */
import type { CounterCall, ConfirmItem, ReserveItem } from "../counter/calls.ts";
import { isClosedFor, isFresh } from "../latch.ts";
import type { ServerEffect } from "../strategy.ts";
import type { EngineState, QueuedItem } from "./state.ts";

/**
 * Queues an item and, if a call may begin, asks the world for a flush at the end of this instant.
 * Otherwise the reply to a call under way will ask.
 */
export function enqueue(state: EngineState, item: QueuedItem, out: ServerEffect[]): void {
  state.queue.push(item);
  if (mayCall(state)) askForFlush(state, out);
}

export function askForFlush(state: EngineState, out: ServerEffect[]): void {
  if (state.flushAsked) return;
  state.flushAsked = true;
  out.push({ type: "flush-soon" });
}

function mayCall({ inflight, config }: EngineState): boolean {
  return inflight.size < config.rules.inflightMax;
}

/**
 * Sends what waits, in order: each run of items of one script is one call of at most `batchMax`
 * items, and at most `inflightMax` calls are under way.
 */
export function flush(state: EngineState, nowMs: number, out: ServerEffect[]): void {
  state.flushAsked = false;
  refuseSoldOut(state, nowMs, out);
  const { batchMax } = state.config.rules;
  while (state.queue.length > 0 && mayCall(state)) {
    const { script } = state.queue[0];
    let count = 1;
    while (count < batchMax && count < state.queue.length && state.queue[count].script === script) {
      count += 1;
    }
    const items = state.queue.splice(0, count);
    sendCall(state, batchCall(state, script, items), items, nowMs, out);
  }
}

/** Stock may have run out while reservations queued: they need no call to be refused. */
function refuseSoldOut(state: EngineState, nowMs: number, out: ServerEffect[]): void {
  if (!isFresh(state.latch, nowMs, state.config.rules.pollMs)) return;
  // There is nearly always nobody to refuse, and then the queue stays as it is.
  if (!state.queue.some((queued) => isSoldOut(state, queued))) return;
  state.queue = state.queue.filter((queued) => {
    if (!isSoldOut(state, queued)) return true;
    const { id, qty } = queued.item;
    const { handles } = state.attempts.get(id)!;
    state.attempts.delete(id);
    state.taken -= qty;
    for (const handle of handles) out.push({ type: "answer", handle, answer: "SOLDOUT", id });
    return false;
  });
}

/** A reservation that waits, for more than there is left. */
function isSoldOut(
  { latch }: EngineState,
  queued: QueuedItem,
): queued is Extract<QueuedItem, { readonly script: "reserve" }> {
  return queued.script === "reserve" && isClosedFor(latch, queued.item.qty);
}

function batchCall(
  state: EngineState,
  script: QueuedItem["script"],
  queued: readonly QueuedItem[],
): CounterCall {
  const { epoch, config } = state;
  const items = queued.map((entry) => entry.item);
  switch (script) {
    case "reserve":
      return {
        script,
        epoch,
        server: config.name,
        incarnation: config.incarnation,
        items: items as ReserveItem[],
      };
    case "confirm":
      return {
        script,
        epoch,
        latePayment: config.sale.latePayment,
        items: items as ConfirmItem[],
      };
    case "release":
    case "settle":
      return { script, epoch, items: items };
  }
}

/** Emits one call and returns its operation number. */
export function sendCall(
  state: EngineState,
  call: CounterCall,
  items: readonly QueuedItem[],
  nowMs: number,
  out: ServerEffect[],
): number {
  const op = state.nextOp;
  state.nextOp += 1;
  state.inflight.set(op, { call, items, sentMs: nowMs });
  out.push({ type: "call-counter", op, call, timeoutMs: state.config.rules.callTimeoutMs });
  return op;
}
