/** Loads what a check runs, and runs it; runs that several checks read are made once. */
import { fileURLToPath } from "node:url";
import type { Strategy } from "../../core/strategy.ts";
import { applySettings } from "../../sim/cli/settings.ts";
import { command } from "../../sim/cli/replay.ts";
import { loadStrategy } from "../../sim/cli/strategy.ts";
import { NO_FAULTS } from "../../sim/faults/vocabulary.ts";
import type { FaultPlan } from "../../sim/faults/vocabulary.ts";
import type { SimulationResult } from "../../sim/result.ts";
import { parseOrExplain } from "../../sim/scenario/explain.ts";
import { checkScenario, readScenarioSource } from "../../sim/scenario/load.ts";
import { ScenarioSchema } from "../../sim/scenario/schema.ts";
import type { Scenario } from "../../sim/scenario/schema.ts";
import { runToEnd } from "../../sim/sweep/run-seed.ts";
import type { Sales, Subject } from "./check.ts";

const directory = new URL("scenarios/", import.meta.url);

/** The simulator's command for one run of a subject, without the faults that a check may add. */
export function replicationCommand({ file, settings, strategy }: Subject, seed: bigint): string {
  return command([
    "--scenario",
    `props/validate/scenarios/${file}.json`,
    "--strategy",
    strategy,
    ...settings.flatMap((setting) => ["--set", setting]),
    "--seed",
    seed.toString(),
  ]);
}

/** @throws UsageError if the file or a setting is wrong. */
export async function loadSales(subject: Subject): Promise<Sales> {
  const path = fileURLToPath(new URL(`${subject.file}.json`, directory));
  const { value, where } = readScenarioSource(path, 0n);
  const written = parseOrExplain(ScenarioSchema, value, where);
  const scenario = checkScenario(applySettings(written, subject.settings), "");
  return new SimulatedSales(scenario, await loadStrategy(subject.strategy));
}

class SimulatedSales implements Sales {
  readonly scenario: Scenario;
  readonly #strategy: Strategy;
  readonly #results = new Map<bigint, SimulationResult>();

  constructor(scenario: Scenario, strategy: Strategy) {
    this.scenario = scenario;
    this.#strategy = strategy;
  }

  run(seed: bigint): SimulationResult {
    let result = this.#results.get(seed);
    if (result === undefined) {
      result = this.runWith(seed, NO_FAULTS);
      this.#results.set(seed, result);
    }
    return result;
  }

  runWith(seed: bigint, plan: FaultPlan, scenario = this.scenario): SimulationResult {
    const strategy = this.#strategy;
    const config = { seed, scenario, strategy: strategy.name, plan };
    return runToEnd(config, strategy);
  }
}
