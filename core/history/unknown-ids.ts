/**
 * Whose outcome nobody knows: ids with a request that may have taken effect, and no answer since
 * that says whether it did.
 *
 * Not every answer says so. SOLDOUT may be said, and most TRYAGAIN are said, before anyone looks
 * the id up; after a first request that was lost they tell nothing of it. An answer speaks of all
 * requests that were sent before it was heard, in whatever order they were.
 */
import type { CallRecord, Outcome } from "./records.ts";

export class UnknownIds {
  readonly #unsure = new Set<string>();
  /** When the last answer that settles the id was heard. */
  readonly #settledMs = new Map<string, number>();

  /** Calls come in the order in which they ended, so an answer is later than every loss before. */
  heard(call: CallRecord): void {
    const { id, startMs, endMs } = call;
    if (settles(call)) {
      this.#settledMs.set(id, endMs!);
      this.#unsure.delete(id);
    } else if (call.kind === "buy" && isUnsure(call)) {
      const settledMs = this.#settledMs.get(id);
      if (settledMs === undefined || settledMs < startMs) this.#unsure.add(id);
    }
  }

  /** In the order in which they became unknown. */
  ids(): string[] {
    return [...this.#unsure];
  }
}

/** True if the request may have taken effect for all that its caller heard. */
export function isUnsure({ outcome }: Pick<CallRecord, "outcome">): boolean {
  return outcome === "NONE" || outcome === "UNKNOWN";
}

/** True if the call may have given its reservation back, for all that its caller heard. */
export function mayHaveCancelled({ kind, outcome }: CallRecord): boolean {
  return kind === "cancel" && outcome !== "CONFIRMED" && outcome !== "UNSENT";
}

/** Answers that nobody gives without having looked the id up. */
const SETTLING: readonly Outcome[] = ["ACK", "USERLIMIT", "CANCELLED", "CONFIRMED"];

function settles({ kind, outcome, reason }: CallRecord): boolean {
  const isSpent = kind !== "cancel" && (reason === "id-spent" || reason === "late");
  return isSpent || SETTLING.includes(outcome);
}
