/** Answers a check: replications, as many as the rule asks for, compared with the closed form. */
import type { Check, ExactCheck, Sales, StatisticalCheck } from "./check.ts";
import { compare } from "./verdict.ts";
import type { Verdict } from "./verdict.ts";

export interface Answer {
  readonly name: string;
  readonly model: string;
  readonly station: string;
  readonly unit: string;
  /** The closed form's value. */
  readonly formula: number;
  readonly estimate: number;
  /** Of the 95 % interval; of an exact check the largest deviation seen. */
  readonly halfWidth: number;
  /** Null for an exact check. */
  readonly t: number | null;
  readonly replications: number;
  readonly verdict: Verdict;
}

/** @param seedFirst Replication i runs with seed `seedFirst + i`. */
export function answer(check: Check, sales: Sales, seedFirst: bigint): Answer {
  const { name, model, station, unit } = check;
  const formula = check.formula(sales.scenario);
  const outcome =
    check.rule === "exact"
      ? answerExactly(check, formula, sales, seedFirst)
      : answerStatistically(check, formula, sales, seedFirst);
  return { name, model, station, unit, formula, ...outcome };
}

type Outcome = Pick<Answer, "estimate" | "halfWidth" | "t" | "replications" | "verdict">;

function answerStatistically(
  check: StatisticalCheck,
  formula: number,
  sales: Sales,
  seedFirst: bigint,
): Outcome {
  const samples: number[] = [];
  for (let wanted = check.replicationsLeast; ; wanted *= 2) {
    const replications = Math.min(wanted, check.replicationsMost);
    while (samples.length < replications)
      samples.push(check.replicate(sales, seedFirst + BigInt(samples.length)));
    const comparison = compare(samples, { ...check, formula });
    if (comparison.verdict !== "INCONCLUSIVE" || replications === check.replicationsMost)
      return { ...comparison, replications };
  }
}

function answerExactly(
  check: ExactCheck,
  formula: number,
  sales: Sales,
  seedFirst: bigint,
): Outcome {
  let worst = formula;
  for (let i = 0; i < check.replications; i += 1) {
    const estimate = check.replicate(sales, seedFirst + BigInt(i));
    if (distance(estimate, formula) > distance(worst, formula)) worst = estimate;
  }
  const deviation = distance(worst, formula);
  const holds = deviation <= check.tolerance * Math.abs(formula);
  return {
    estimate: worst,
    halfWidth: deviation,
    t: null,
    replications: check.replications,
    verdict: holds ? "PASS" : "FAIL",
  };
}

/** No number is as far off as can be. */
function distance(estimate: number, formula: number): number {
  return Number.isNaN(estimate) ? Infinity : Math.abs(estimate - formula);
}
