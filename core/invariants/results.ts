/** What the checks found, one result for each invariant, as both worlds print it. */
import { INVARIANTS } from "./findings.ts";
import type { Findings, InvariantName } from "./findings.ts";

/** What it means that an invariant holds. */
const HOLDS: Readonly<Record<InvariantName, string>> = {
  "no-oversell": "never more tickets acknowledged, or confirmed, than there are",
  "no-undersell": "no ticket stayed free while buyers who wanted it were refused",
  conservation: "free + held + confirmed = all tickets, after every call",
  "one-order": "one order for each reservation, in its state",
  "one-refund": "every charge that confirmed nothing goes back exactly once",
  "unknown-resolved": "every unknown outcome was resolved by its id",
  "buyer-limit": "no buyer over the limit, none refused below it",
  latch: "no server said sold out past the refill bound with stock left",
  "no-charge-in-vain": "nobody who paid in time was charged for nothing",
  determinism: "not checked yet",
};

export interface FoundResult {
  readonly name: InvariantName;
  readonly ok: boolean;
  readonly detail: string;
  /** When it was first violated; null if it holds. */
  readonly atMs: number | null;
}

/** `determinism`: what to say of it where it holds, or does not apply. */
export function invariantResults(
  findings: Findings,
  determinism: string = HOLDS.determinism,
): FoundResult[] {
  return INVARIANTS.map((name) => {
    const violation = findings.first(name);
    if (violation === undefined) {
      const detail = name === "determinism" ? determinism : HOLDS[name];
      return { name, ok: true, detail, atMs: null };
    }
    const more = findings.count(name) - 1;
    const detail = more > 0 ? `${violation.detail} (and ${more} more like it)` : violation.detail;
    return { name, ok: false, detail, atMs: violation.atMs };
  });
}
