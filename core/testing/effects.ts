/** The effects of a ticket server, by what they say. */
import type { CancelAnswer, PaymentAnswer, TryAgainReason } from "../answers.ts";
import type { CounterCall } from "../counter/calls.ts";
import type { DatabaseCall } from "../orders/calls.ts";
import type { Claim, ServerEffect } from "../strategy.ts";
import { RULES } from "./rules.ts";

export const FLUSH_SOON: ServerEffect = { type: "flush-soon" };

export function ack(
  handle: number,
  id: string,
  { claim = "hold", deadlineMs = 0, paid = false }: AckTerms = {},
): ServerEffect {
  return { type: "answer", handle, answer: "ACK", id, claim, deadlineMs, paid };
}

interface AckTerms {
  readonly claim?: Claim;
  readonly deadlineMs?: number;
  readonly paid?: boolean;
}

export function told(
  handle: number,
  id: string,
  answer: "SOLDOUT" | "USERLIMIT" | "UNKNOWN",
): ServerEffect {
  return { type: "answer", handle, answer, id };
}

export function tryAgain(handle: number, id: string, reason: TryAgainReason): ServerEffect {
  return { type: "answer", handle, answer: "TRYAGAIN", id, reason };
}

export function payAnswer(handle: number, answer: PaymentAnswer): ServerEffect {
  return { type: "pay-answer", handle, answer };
}

export function cancelAnswer(handle: number, answer: CancelAnswer): ServerEffect {
  return { type: "cancel-answer", handle, answer };
}

export function callCounter(op: number, call: CounterCall): ServerEffect {
  return { type: "call-counter", op, call, timeoutMs: RULES.callTimeoutMs };
}

export function callDatabase(op: number, call: DatabaseCall): ServerEffect {
  return { type: "call-database", op, call, timeoutMs: RULES.callTimeoutMs };
}
