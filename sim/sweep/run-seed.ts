/** One seed of a sweep: draw the run, run it to its end, keep the verdict. */
import type { InvariantName } from "../../core/invariants/findings.ts";
import type { Strategy } from "../../core/strategy.ts";
import { drawPlan } from "../faults/draw.ts";
import { drawSwarm } from "../faults/swarm.ts";
import { NO_FAULTS } from "../faults/vocabulary.ts";
import type { FaultPlan } from "../faults/vocabulary.ts";
import type { RunConfig, SimulationResult, Verdict } from "../result.ts";
import { loadScenario } from "../scenario/load.ts";
import type { Scenario } from "../scenario/schema.ts";
import { Simulation } from "../simulation.ts";

export const FAULT_CHOICES = ["swarm", "scenario", "none"] as const;
export type FaultChoice = (typeof FAULT_CHOICES)[number];

/** What every seed of a sweep runs. */
export interface SweepTarget {
  /** `small`, the name of a built-in scenario, or a file. */
  readonly scenario: string;
  readonly strategy: string;
  readonly faults: FaultChoice;
}

export interface SeedOutcome {
  /** Decimal. */
  readonly seed: string;
  /** `error`: the simulator itself failed. */
  readonly verdict: Verdict | "error";
  readonly broken: readonly InvariantName[];
  /** What was seen first; empty if the seed passed. */
  readonly detail: string;
  readonly traceHash: string;
  readonly events: number;
}

const EVENTS_PER_TURN = 1_000_000;

/** @throws UsageError if there is no such scenario. */
export function drawRun(target: SweepTarget, seed: bigint): RunConfig {
  const scenario = loadScenario(target.scenario, seed);
  const plan = drawFaults(target.faults, scenario, seed);
  return { seed, scenario, strategy: target.strategy, plan };
}

/** Runs to the end in one go: whoever must stay responsive runs this in another process. */
export function runToEnd(config: RunConfig, strategy: Strategy): SimulationResult {
  const simulation = new Simulation(config, strategy);
  while (!simulation.advance(EVENTS_PER_TURN));
  return simulation.result();
}

export function outcomeOf(result: SimulationResult): SeedOutcome {
  const broken = result.invariants.filter(({ ok }) => !ok);
  const first = broken.toSorted((a, b) => (a.atMs ?? Infinity) - (b.atMs ?? Infinity))[0];
  return {
    seed: result.seed,
    verdict: result.verdict,
    broken: broken.map(({ name }) => name),
    detail: first?.detail ?? result.pending.join("; "),
    traceHash: result.traceHash,
    events: result.events,
  };
}

/** The outcome of a seed that brought the simulator down. */
export function outcomeOfError(seed: string, detail: string): SeedOutcome {
  return { seed, verdict: "error", broken: [], detail, traceHash: "", events: 0 };
}

function drawFaults(choice: FaultChoice, scenario: Scenario, seed: bigint): FaultPlan {
  switch (choice) {
    case "swarm":
      return drawSwarm(scenario, seed);
    case "scenario":
      return drawPlan(scenario, seed);
    default:
      return NO_FAULTS;
  }
}
