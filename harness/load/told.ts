/** What the body of a ticket server's answer says, or that it says nothing. */
import type { CallRecord, Outcome } from "../../core/history/records.ts";
import type { TryAgainReason } from "../../core/answers.ts";
import type { Claim } from "../../core/strategy.ts";

export type Told = Pick<CallRecord, "outcome" | "claim" | "deadlineMs" | "paid" | "reason">;

/** The results that each kind of request may have. */
const RESULTS: Readonly<Record<CallRecord["kind"], readonly Outcome[]>> = {
  buy: ["ACK", "SOLDOUT", "USERLIMIT", "TRYAGAIN", "UNKNOWN"],
  query: ["ACK", "TRYAGAIN", "UNKNOWN"],
  pay: ["PAID", "REFUND", "PAYMENTCONFLICT", "TRYAGAIN"],
  cancel: ["CANCELLED", "CONFIRMED", "TRYAGAIN"],
};
const CLAIMS: readonly unknown[] = ["hold", "sale", "order"] satisfies Claim[];
const REASONS: readonly unknown[] = [
  "quota",
  "unreachable",
  "overload",
  "draining",
  "not-open",
  "late",
  "id-spent",
] satisfies TryAgainReason[];

export const NOTHING: Told = {
  outcome: "NONE",
  claim: null,
  deadlineMs: 0,
  paid: false,
  reason: null,
};

/**
 * Reads the body of the answer to a request for `id`. Null if no ticket server wrote it (a proxy's
 * error page), or if it is not an answer to this request.
 */
export function readAnswer(kind: CallRecord["kind"], id: string, body: string): Told | null {
  const answer = parse(body);
  if (answer === null || answer["id"] !== id) return null;
  const outcome = RESULTS[kind].find((result) => result === answer["result"]);
  if (outcome === undefined) return null;
  const { claim, deadlineMs, paid, reason } = answer;
  if (outcome === "TRYAGAIN")
    return { ...NOTHING, outcome, reason: isReason(reason) ? reason : null };
  if (outcome !== "ACK") return { ...NOTHING, outcome };
  if (!isClaim(claim)) return null;
  const due = typeof deadlineMs === "number" && Number.isFinite(deadlineMs) ? deadlineMs : 0;
  return { outcome, claim, deadlineMs: due, paid: paid === true, reason: null };
}

function parse(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function isClaim(value: unknown): value is Claim {
  return CLAIMS.includes(value);
}

function isReason(value: unknown): value is TryAgainReason {
  return REASONS.includes(value);
}
