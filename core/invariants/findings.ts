/** What the checks found: per invariant the first violation, and how many there were. */

export const INVARIANTS = [
  "no-oversell",
  "no-undersell",
  "conservation",
  "one-order",
  "one-refund",
  "unknown-resolved",
  "buyer-limit",
  "latch",
  "no-charge-in-vain",
  "determinism",
] as const;

export type InvariantName = (typeof INVARIANTS)[number];

export interface Violation {
  readonly invariant: InvariantName;
  readonly atMs: number;
  /** A sentence: what was seen, and what would have been right. */
  readonly detail: string;
}

export class Findings {
  readonly #first = new Map<InvariantName, Violation>();
  readonly #counts = new Map<InvariantName, number>();

  report(invariant: InvariantName, atMs: number, detail: string): void {
    // The simulator reports in order of time; a history is judged by one model after the other.
    const first = this.#first.get(invariant);
    if (first === undefined || atMs < first.atMs)
      this.#first.set(invariant, { invariant, atMs, detail });
    this.#counts.set(invariant, this.count(invariant) + 1);
  }

  count(invariant: InvariantName): number {
    return this.#counts.get(invariant) ?? 0;
  }

  first(invariant: InvariantName): Violation | undefined {
    return this.#first.get(invariant);
  }

  /** The earliest violation of all; of equal times the first in the table's order. */
  earliest(): Violation | undefined {
    let earliest: Violation | undefined;
    for (const name of INVARIANTS) {
      const violation = this.#first.get(name);
      if (violation !== undefined && (earliest === undefined || violation.atMs < earliest.atMs))
        earliest = violation;
    }
    return earliest;
  }
}
