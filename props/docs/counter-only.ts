/**
 * A strategy to start your own from: every request asks the counter, and nothing is decided in
 * memory. It is right, and shows what quota and latch are for: compare its `counterCallsPerTicket`
 * with pre-deduct's.
 *
 *     npx tsx sim/run.ts --scenario smoke --seed 7 --strategy ./props/docs/counter-only.ts
 *
 * The scripts, the outbox and so the order book are pre-deduct's; only the ticket server is new.
 */
import type { CounterCall, CounterReply, ItemResult } from "../../core/counter/calls.ts";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import { DEFINITE_ERRORS } from "../../core/strategy.ts";
import type { ServerConfig, ServerEffect, ServerInput, Strategy } from "../../core/strategy.ts";

/** Plain data: a simulator may stop between any two steps, and start a new process from nothing. */
interface CounterOnly {
  readonly config: ServerConfig;
  nextOp: number;
  /** Calls under way, by operation: who waits for which. */
  readonly waiting: Map<number, Waiting>;
}

interface Waiting {
  readonly kind: "buy" | "pay" | "cancel" | "query";
  readonly handle: number;
  readonly id: string;
  readonly sentMs: number;
}

function step(state: CounterOnly, input: ServerInput, nowMs: number, out: ServerEffect[]): void {
  switch (input.type) {
    case "buy":
    case "pay":
    case "cancel":
    case "query": {
      const { handle, id, type: kind } = input;
      const op = state.nextOp;
      state.nextOp += 1;
      state.waiting.set(op, { kind, handle, id, sentMs: nowMs });
      const call = callFor(state.config, input);
      out.push({ type: "call-counter", op, call, timeoutMs: state.config.rules.callTimeoutMs });
      return;
    }
    case "counter-reply":
    case "counter-failed": {
      const waiting = state.waiting.get(input.op);
      state.waiting.delete(input.op);
      if (waiting === undefined) return;
      // A process that was stopped for a while reads what the counter said long ago. The ticket may
      // be somebody else's by now, so that word is no better than none.
      const outdated = nowMs - waiting.sentMs > state.config.rules.callTimeoutMs;
      if (input.type === "counter-failed")
        out.push(failed(waiting, DEFINITE_ERRORS.includes(input.error)));
      else out.push(outdated ? failed(waiting, false) : answered(waiting, input.reply));
      return;
    }
    default:
      // No timers, no batches, no database: nothing else concerns this strategy.
      return;
  }
}

type Asking = Extract<ServerInput, { readonly type: Waiting["kind"] }>;

function callFor({ name, incarnation, epoch, sale }: ServerConfig, input: Asking): CounterCall {
  const { id } = input;
  switch (input.type) {
    case "buy": {
      const { qty, buyer } = input;
      const { holdMs: ttlMs, maxPerBuyer } = sale;
      const item = { id, qty, buyer, ttlMs, maxPerBuyer, requestDeadlineMs: 0 };
      return { script: "reserve", epoch, server: name, incarnation, items: [item] };
    }
    case "pay": {
      const { latePayment } = sale;
      const { paymentId } = input;
      return { script: "confirm", epoch, latePayment, items: [{ id, paymentId }] };
    }
    case "cancel":
      return { script: "release", epoch, items: [{ id }] };
    case "query":
      // Not a second reserve: settle leaves a tombstone where there is nothing, so that a call
      // still under way cannot deduct after this answer.
      return { script: "settle", epoch, items: [{ id }] };
  }
}

function answered(waiting: Waiting, { error, results }: CounterReply): ServerEffect {
  const result = results[0];
  if (error !== null || result === undefined || result.code === "FENCED")
    return failed(waiting, true);
  const { kind, handle } = waiting;
  switch (kind) {
    case "pay":
      return { type: "pay-answer", handle, answer: paymentAnswer(result) };
    case "cancel":
      return {
        type: "cancel-answer",
        handle,
        answer: result.code === "CONFIRMED" ? "CONFIRMED" : "CANCELLED",
      };
    default:
      return reservationAnswer(waiting, result);
  }
}

function reservationAnswer({ handle, id }: Waiting, result: ItemResult): ServerEffect {
  const { code, state, deadlineMs } = result;
  if (code === "SOLDOUT" || code === "USERLIMIT")
    return { type: "answer", handle, answer: code, id };
  // The state decides: an id met again in an expired or released row is no ACK. Nor is a CONFLICT,
  // the same id with another quantity, although its row may be alive.
  if (code !== "CONFLICT" && (state === "H" || state === "C")) {
    const paid = state === "C";
    return { type: "answer", handle, answer: "ACK", id, claim: "hold", deadlineMs, paid };
  }
  return { type: "answer", handle, answer: "TRYAGAIN", id, reason: "id-spent" };
}

function paymentAnswer({ code }: ItemResult): "PAID" | "REFUND" | "PAYMENTCONFLICT" {
  if (code === "PAYMENTCONFLICT") return code;
  return code === "OK" || code === "DUP" || code === "REVIVED" ? "PAID" : "REFUND";
}

/** `definite`: nothing was deducted. Otherwise nobody knows, and the buyer asks by id. */
function failed({ kind, handle, id }: Waiting, definite: boolean): ServerEffect {
  switch (kind) {
    case "pay":
      return { type: "pay-answer", handle, answer: "TRYAGAIN" };
    case "cancel":
      return { type: "cancel-answer", handle, answer: "TRYAGAIN" };
    case "buy":
      return definite
        ? { type: "answer", handle, answer: "TRYAGAIN", id, reason: "unreachable" }
        : { type: "answer", handle, answer: "UNKNOWN", id };
    case "query":
      // A question without an answer leaves the outcome as unknown as it was.
      return { type: "answer", handle, answer: "UNKNOWN", id };
  }
}

const counterOnly: Strategy<CounterOnly, ReturnType<typeof preDeduct.counter.create>> = {
  name: "counter-only",
  summary: "every request asks the counter; nothing is decided in memory",
  authority: "counter",
  server: {
    create: (config) => ({ config, nextOp: 1, waiting: new Map() }),
    step,
  },
  counter: preDeduct.counter,
};

export default counterOnly;
