/**
 * A repro file: everything that decides a run, resolved, with what came of it. Replaying it needs
 * neither the generator of the scenario nor the one of the faults, so it keeps its meaning when
 * those change.
 */
import { renameSync, writeFileSync } from "node:fs";
import * as v from "valibot";
import { INVARIANTS } from "../core/invariants/findings.ts";
import type { InvariantName } from "../core/invariants/findings.ts";
import { nameOf, parseJson, readText } from "./cli/input-file.ts";
import { checkPlan } from "./faults/plan.ts";
import { FaultPlanSchema } from "./faults/vocabulary.ts";
import type { RunConfig, SimulationResult } from "./result.ts";
import { checkConsistency } from "./scenario/consistency.ts";
import { parseOrExplain } from "./scenario/explain.ts";
import { ScenarioSchema } from "./scenario/schema.ts";

export const ReproSchema = v.strictObject({
  schemaVersion: v.literal(1),
  /** Decimal: JSON numbers do not hold 64 bits. */
  seed: v.pipe(
    v.string(),
    v.regex(/^\d{1,20}$/u),
    v.check((seed) => BigInt(seed) < 2n ** 64n, "must be below 2^64"),
  ),
  /** Name of a built-in strategy, or the path of a module. */
  strategy: v.pipe(v.string(), v.nonEmpty()),
  scenario: ScenarioSchema,
  plan: FaultPlanSchema,
  /** The invariant that broke; null if the run only made no progress. */
  invariant: v.nullable(v.picklist(INVARIANTS)),
  verdict: v.picklist(["passed", "violated", "no-progress"]),
  /** 16 hex digits: a replay with another hash is another run. */
  traceHash: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/u)),
});

export type Repro = v.InferOutput<typeof ReproSchema>;

export function createRepro(
  { seed, strategy, scenario, plan }: RunConfig,
  { verdict, traceHash }: SimulationResult,
  invariant: InvariantName | null,
): Repro {
  return {
    schemaVersion: 1,
    seed: seed.toString(),
    strategy,
    scenario,
    plan,
    invariant,
    verdict,
    traceHash,
  };
}

/** The run that the repro file describes. */
export function runConfigOf({ seed, strategy, scenario, plan }: Repro): RunConfig {
  return { seed: BigInt(seed), strategy, scenario, plan };
}

/** Writes beside the file and renames, so that an interrupted write leaves no half of one. */
export function writeRepro(file: string, repro: Repro): void {
  const half = `${file}.${process.pid}.tmp`;
  writeFileSync(half, `${JSON.stringify(repro, null, 2)}\n`);
  renameSync(half, file);
}

/** @throws UsageError if the file cannot be read, is cut short, or is not a repro file. */
export function readRepro(file: string): Repro {
  const repro = parseOrExplain(ReproSchema, parseJson(readText(file), file), nameOf(file));
  checkConsistency(repro.scenario);
  checkPlan(repro.plan, repro.scenario);
  return repro;
}
