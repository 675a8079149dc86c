/** A suite that hunts mutants: it plays the run of a seed and names the invariants that broke. */
import { INVARIANTS } from "../../../core/invariants/findings.ts";
import type { Findings, InvariantName, Violation } from "../../../core/invariants/findings.ts";

export interface Outcome {
  /** Empty for a run in which everything held. */
  readonly broken: readonly InvariantName[];
  /** What was seen first. */
  readonly detail: string;
  /** The mutant threw: it is badly planted, and the run tells nothing about the checks. */
  readonly isVoid: boolean;
}

/** What the module of a suite exports; each mutant has a module of its own, with the bug in it. */
export interface SuiteModule {
  play(seed: bigint): Outcome | Promise<Outcome>;
  /** How often the planted bug was reached. */
  plantedHits(): number;
}

/** The first violation of each invariant. */
export function firstOfEach(findings: Findings): Violation[] {
  return INVARIANTS.flatMap((name) => findings.first(name) ?? []);
}

/** The outcome of a run with these violations; what was seen first is what a reader wants. */
export function outcomeOf(violations: readonly Violation[]): Outcome {
  const inOrder = violations.toSorted((a, b) => a.atMs - b.atMs);
  return {
    broken: [...new Set(inOrder.map(({ invariant }) => invariant))],
    detail: inOrder[0]?.detail ?? "",
    isVoid: false,
  };
}

export function voidOutcome(error: unknown): Outcome {
  const message = error instanceof Error ? error.message : String(error);
  return { broken: [], detail: `threw: ${message}`, isVoid: true };
}
