/** One row of the table: a closed form, and how the simulator is asked the same question. */
import type { FaultPlan } from "../../sim/faults/vocabulary.ts";
import type { SimulationResult } from "../../sim/result.ts";
import type { Scenario } from "../../sim/scenario/schema.ts";

/** What is run: a scenario file with settings, as on the command line of the simulator. */
export interface Subject {
  /** File in `scenarios/`, without its extension. */
  readonly file: string;
  /** `--set` of the simulator. */
  readonly settings: readonly string[];
  readonly strategy: string;
}

/** Runs whole sales of one subject; each is an independent replication. */
export interface Sales {
  readonly scenario: Scenario;
  run(seed: bigint): SimulationResult;
  /** With faults at chosen moments; with a scenario that differs in a number or two. */
  runWith(seed: bigint, plan: FaultPlan, scenario?: Scenario): SimulationResult;
}

interface Row {
  /** What `--only` takes. */
  readonly name: string;
  readonly model: string;
  readonly station: string;
  readonly unit: string;
  readonly subject: Subject;
  /** The closed form's value for this scenario. */
  formula(this: void, scenario: Scenario): number;
  /** The simulator's answer, from one replication. */
  replicate(this: void, sales: Sales, seed: bigint): number;
  /** Part of `--quick`. */
  readonly quick: boolean;
}

/** Estimates a mean, or a quantile, from replications. */
export interface StatisticalCheck extends Row {
  readonly rule: "statistical";
  /** Largest half-width (95 %) of the estimate, as a share of the formula's value. */
  readonly precision: number;
  /** Of an approximate formula: how far off it may be, as a share of its value. */
  readonly tolerance: number;
  /** Quantiles are compared by their logarithms. */
  readonly logarithmic: boolean;
  /** Replications to begin with; doubled while the answer is INCONCLUSIVE, up to the most. */
  readonly replicationsLeast: number;
  readonly replicationsMost: number;
}

/** Holds in every single run, up to `tolerance` as a share of the formula's value. */
export interface ExactCheck extends Row {
  readonly rule: "exact";
  readonly tolerance: number;
  readonly replications: number;
}

export type Check = StatisticalCheck | ExactCheck;

/** What most statistical checks have in common. */
export const STATISTICAL = {
  rule: "statistical",
  precision: 0.02,
  tolerance: 0,
  logarithmic: false,
  replicationsLeast: 20,
  replicationsMost: 160,
  quick: false,
} as const;

export const EXACT = { rule: "exact", tolerance: 0, replications: 3, quick: false } as const;
