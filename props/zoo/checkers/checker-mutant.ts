/**
 * A mutant of a checker: the oracle with one defect, and the run that gives it away.
 *
 * A blind one does not see what the whole oracle sees: it is shown with a mutant of the zoo that
 * nothing else notices in that suite. One with false alarms complains about the engine as it is.
 */
import type { InvariantName } from "../../../core/invariants/findings.ts";
import type { Patch } from "../mutant.ts";

export interface CheckerMutant {
  readonly title: string;
  readonly invariant: InvariantName;
  readonly patches: readonly Patch[];
  readonly suite: "sale" | "slots" | "interleavings" | "counter";
  /** The mutant of the zoo that it does not see; null: it raises a false alarm. */
  readonly blindTo: string | null;
  /** Other checkers of the same invariant, out of the way on both sides. */
  readonly without?: readonly Patch[];
}
