/** What exit codes mean, for `--help`. */
import { EXIT } from "../exit-codes.ts";
import { columns } from "./layout.ts";

export type ExitMeanings = readonly (readonly [code: number, meaning: string])[];

/** @param program whose defect the code for a defect is: "simulator", "harness" */
export function exitMeanings(program: string): ExitMeanings {
  return [
    [EXIT.passed, "passed"],
    [EXIT.violated, "an invariant is broken"],
    [EXIT.usage, "usage or configuration"],
    [EXIT.environment, "something the command needs is missing"],
    [EXIT.noProgress, "no progress: something was pending to the end"],
    [EXIT.internal, `a defect of the ${program} itself`],
    [EXIT.interrupted, "interrupted"],
  ];
}

export function exitText(meanings: ExitMeanings): string[] {
  return columns(meanings.map(([code, meaning]) => [String(code), meaning]));
}
