/** What the counter's answers mean to the server and to the buyers who wait for them. */
import type { PaymentAnswer, TryAgainReason } from "../answers.ts";
import type { CounterReply, ItemResult } from "../counter/calls.ts";
import { hear } from "../latch.ts";
import { DEFINITE_ERRORS } from "../strategy.ts";
import type { CallError, ServerEffect } from "../strategy.ts";
import { askForWord, wordFailed, wordHeard } from "./admission.ts";
import { askForFlush } from "./batches.ts";
import { NO_HANDLE } from "./state.ts";
import type { Attempt, Batch, EngineState, QueuedItem } from "./state.ts";
import { becomesUnresolved, resolved } from "./unresolved.ts";

export function counterReplied(
  state: EngineState,
  op: number,
  reply: CounterReply,
  nowMs: number,
  out: ServerEffect[],
): void {
  const batch = take(state, op, out);
  // A reply that comes after its call was given up: the outcome is settled by id instead.
  if (batch === undefined) return;
  if (reply.error !== null) {
    // A script-level refusal wrote nothing, so it is definite, like the errors of Redis itself.
    failed(state, op, batch, true, nowMs, out);
    return;
  }
  hear(state.latch, reply.epoch, reply.generation, reply.left, batch.sentMs);
  if (reply.timeMs >= state.counterTimeMs) {
    state.counterTimeMs = reply.timeMs;
    state.counterHeardMs = nowMs;
  }
  state.unreachableUntilMs = Number.NEGATIVE_INFINITY;
  if (reply.code === "FENCED") state.epoch = reply.epoch;
  // A process that was stopped for a while reads what the counter said long ago. Nobody is refused
  // on such a word, for stock may have come back since, and nobody is told that he holds a ticket
  // that may have expired since.
  const outdated = nowMs - batch.sentMs > state.config.rules.callTimeoutMs;
  if (op === state.grantOp) {
    state.grantOp = 0;
    if (outdated) {
      if (state.waiting.length > 0) askForWord(state, nowMs, out);
      return;
    }
    const share = reply.liveServers > 0 ? Math.ceil(reply.left / reply.liveServers) : 0;
    wordHeard(state, reply.code === "FENCED" ? 0 : share, nowMs, out);
    return;
  }
  for (let i = 0; i < batch.items.length; i += 1)
    itemReplied(state, batch.items[i], reply.results[i], outdated, out);
}

export function counterFailed(
  state: EngineState,
  op: number,
  error: CallError,
  nowMs: number,
  out: ServerEffect[],
): void {
  const batch = take(state, op, out);
  if (batch === undefined) return;
  failed(state, op, batch, DEFINITE_ERRORS.includes(error), nowMs, out);
}

/** The call `op` is over. What queued meanwhile may have its place, or be refused on the reply. */
function take(state: EngineState, op: number, out: ServerEffect[]): Batch | undefined {
  const batch = state.inflight.get(op);
  state.inflight.delete(op);
  if (state.queue.length > 0) askForFlush(state, out);
  return batch;
}

function itemReplied(
  state: EngineState,
  queued: QueuedItem,
  result: ItemResult,
  outdated: boolean,
  out: ServerEffect[],
): void {
  switch (queued.script) {
    case "reserve":
      reserveReplied(state, state.attempts.get(queued.item.id)!, result, outdated, out);
      return;
    case "confirm":
      out.push({
        type: "pay-answer",
        handle: queued.handle,
        answer: paymentAnswer(result.code),
      });
      return;
    case "release":
      out.push({
        type: "cancel-answer",
        handle: queued.handle,
        answer:
          result.code === "CONFIRMED"
            ? "CONFIRMED"
            : result.code === "FENCED"
              ? "TRYAGAIN"
              : "CANCELLED",
      });
      return;
    case "settle":
      if (result.code !== "FENCED") resolved(state, queued.item.id, result);
      if (queued.handle !== NO_HANDLE)
        out.push(
          outdated
            ? { type: "answer", handle: queued.handle, answer: "UNKNOWN", id: queued.item.id }
            : settledAnswer(queued.handle, queued.item.id, result),
        );
  }
}

function reserveReplied(
  state: EngineState,
  attempt: Attempt,
  result: ItemResult,
  outdated: boolean,
  out: ServerEffect[],
): void {
  const { id, qty } = attempt.item;
  if (outdated && (result.code === "OK" || result.code === "DUP")) {
    becomesUnresolved(state, attempt, out);
    return;
  }
  state.attempts.delete(id);
  // OK alone keeps the slot. A DUP's own slot, if the row is ours, was kept by the attempt that
  // made the row; every other code deducted nothing.
  if (result.code === "OK") state.kept.add(id);
  else state.taken -= qty;
  for (const handle of attempt.handles)
    out.push(
      outdated && result.code === "SOLDOUT"
        ? tryAgain(handle, id, "late")
        : reservationAnswer(handle, id, result),
    );
}

/** The answer to a buyer from the result of his reservation. */
function reservationAnswer(handle: number, id: string, result: ItemResult): ServerEffect {
  switch (result.code) {
    case "OK":
    case "DUP":
      return settledAnswer(handle, id, result);
    case "SOLDOUT":
    case "USERLIMIT":
      return { type: "answer", handle, answer: result.code, id };
    case "LATE":
      return tryAgain(handle, id, "late");
    case "NOTOPEN":
      return tryAgain(handle, id, "not-open");
    case "FENCED":
    case "SEALED":
      return tryAgain(handle, id, "unreachable");
    default:
      return tryAgain(handle, id, "id-spent");
  }
}

/** The answer from the state of a row: only a live reservation is an ACK. */
function settledAnswer(handle: number, id: string, result: ItemResult): ServerEffect {
  if (result.code === "FENCED") return { type: "answer", handle, answer: "UNKNOWN", id };
  if (result.state === "H" || result.state === "C") {
    const paid = result.state === "C";
    const deadlineMs = result.deadlineMs;
    return { type: "answer", handle, answer: "ACK", id, claim: "hold", deadlineMs, paid };
  }
  return tryAgain(handle, id, "id-spent");
}

function paymentAnswer(code: ItemResult["code"]): PaymentAnswer {
  switch (code) {
    case "OK":
    case "DUP":
    case "REVIVED":
      return "PAID";
    case "PAYMENTCONFLICT":
      return "PAYMENTCONFLICT";
    case "FENCED":
      return "TRYAGAIN";
    default:
      return "REFUND";
  }
}

/**
 * A call failed. Definitely refused: the slots come back and buyers may try again. Anything else
 * leaves every item of the batch unknown, and a timeout is neither a refusal nor a success.
 */
function failed(
  state: EngineState,
  op: number,
  batch: Batch,
  definite: boolean,
  nowMs: number,
  out: ServerEffect[],
): void {
  if (op === state.grantOp) {
    state.grantOp = 0;
    wordFailed(state, nowMs, out);
    return;
  }
  for (const queued of batch.items) {
    switch (queued.script) {
      case "reserve": {
        const attempt = state.attempts.get(queued.item.id)!;
        if (definite) {
          state.attempts.delete(queued.item.id);
          state.taken -= queued.item.qty;
          for (const handle of attempt.handles)
            out.push(tryAgain(handle, queued.item.id, "unreachable"));
        } else {
          becomesUnresolved(state, attempt, out);
        }
        break;
      }
      case "confirm":
        // The provider delivers again, and the counter knows the payment by its id.
        out.push({ type: "pay-answer", handle: queued.handle, answer: "TRYAGAIN" });
        break;
      case "release":
        out.push({ type: "cancel-answer", handle: queued.handle, answer: "TRYAGAIN" });
        break;
      case "settle":
        if (queued.handle !== NO_HANDLE)
          out.push({
            type: "answer",
            handle: queued.handle,
            answer: "UNKNOWN",
            id: queued.item.id,
          });
    }
  }
}

function tryAgain(handle: number, id: string, reason: TryAgainReason): ServerEffect {
  return { type: "answer", handle, answer: "TRYAGAIN", id, reason };
}
