/** One row of the table of checkers: a mutant of a checker, and whether a run gives it away. */
import { expose } from "./expose.ts";
import type { Exposure } from "./expose.ts";
import type { CheckerMutant } from "./checker-mutant.ts";
import { CHECKER_MUTANTS } from "./mutants.ts";

export interface CheckerJob {
  /** Its place in the list. */
  readonly checker: number;
}

export interface CheckerRow extends Pick<
  CheckerMutant,
  "title" | "invariant" | "suite" | "blindTo"
> {
  /** Null: no run gives it away. */
  readonly exposure: Exposure | null;
  /** Why it could not be tried at all, or null. */
  readonly error: string | null;
}

export async function runCheckerJob(job: CheckerJob): Promise<CheckerRow> {
  try {
    return {
      ...failedCheckerRow(job, ""),
      exposure: await expose(CHECKER_MUTANTS[job.checker]),
      error: null,
    };
  } catch (error) {
    return failedCheckerRow(job, (error as Error).message);
  }
}

export function failedCheckerRow({ checker }: CheckerJob, error: string): CheckerRow {
  const { title, invariant, suite, blindTo } = CHECKER_MUTANTS[checker];
  return { title, invariant, suite, blindTo, exposure: null, error };
}
