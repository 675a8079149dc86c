/** One exit code for each class of ending. */
import type { SimulationResult, Verdict } from "../result.ts";

export const EXIT = {
  passed: 0,
  /** An invariant is broken. Outranks `noProgress`. */
  violated: 1,
  /** A wrong flag, scenario, fault plan, repro file or strategy module. */
  usage: 2,
  /** Something the command needs is missing: packages, space on the disk. */
  environment: 3,
  /** Nothing is broken, but something was still pending after the healing phase's bound. */
  noProgress: 4,
  /** A defect of the simulator itself, never of the strategy (sysexits: EX_SOFTWARE). */
  internal: 70,
  /** SIGINT (128 + 2). */
  interrupted: 130,
} as const;

const EXIT_OF_VERDICT: Readonly<Record<Verdict, number>> = {
  passed: EXIT.passed,
  violated: EXIT.violated,
  "no-progress": EXIT.noProgress,
};

export function exitCodeOf({
  verdict,
  partial,
}: Pick<SimulationResult, "verdict" | "partial">): number {
  return partial ? EXIT.interrupted : EXIT_OF_VERDICT[verdict];
}
