/** What follows a violation: a smaller run that breaks the same invariant, kept in a repro file. */
import type { InvariantName } from "../../core/invariants/findings.ts";
import type { Strategy } from "../../core/strategy.ts";
import { shrink } from "../faults/shrink.ts";
import { createRepro, writeRepro } from "../repro.ts";
import type { RunConfig, SimulationResult } from "../result.ts";
import { Simulation } from "../simulation.ts";
import { drive } from "./drive.ts";
import { EnvironmentError } from "./environment-error.ts";
import { reasonOf } from "./input-file.ts";
import { Interrupted } from "./interrupt.ts";
import type { Interrupt } from "./interrupt.ts";
import type { ProgressBar } from "./progress-bar.ts";

export interface Failure {
  readonly invariant: InvariantName;
  /** The smallest failing run found: the original one if it was not shrunk. */
  readonly config: RunConfig;
  readonly result: SimulationResult;
  readonly runsUsed: number;
  readonly interrupted: boolean;
}

export interface ShrinkOptions {
  readonly runs: number;
  readonly interrupt: Interrupt;
  readonly progressBar: ProgressBar;
}

/** The invariant that broke first, or null if none is broken. */
export function firstBroken({ invariants }: SimulationResult): InvariantName | null {
  const broken = invariants
    .filter(({ ok }) => !ok)
    .toSorted((a, b) => (a.atMs ?? Infinity) - (b.atMs ?? Infinity));
  return broken[0]?.name ?? null;
}

/** Interrupted, it gives the original run: half of a search is not a result. */
export async function shrinkFailure(
  config: RunConfig,
  strategy: Strategy,
  result: SimulationResult,
  invariant: InvariantName,
  { runs, interrupt, progressBar }: ShrinkOptions,
): Promise<Failure> {
  const original = { invariant, config, result, runsUsed: 0 };
  // One run cannot show that two differ, so there is nothing to search for.
  if (runs === 0 || invariant === "determinism") return { ...original, interrupted: false };
  const runOne = async (candidate: RunConfig): Promise<SimulationResult> => {
    const simulation = new Simulation(candidate, strategy);
    if (!(await drive(simulation, { interrupt }))) throw new Interrupted("interrupted");
    return simulation.result();
  };
  try {
    const shrunk = await shrink(config, invariant, {
      runs,
      runOne,
      onProgress: (done, of) => progressBar.shrinking(done, of),
    });
    return { ...shrunk, invariant, interrupted: false };
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    return { ...original, interrupted: true };
  } finally {
    progressBar.clear();
  }
}

/** @throws EnvironmentError if it cannot be written. */
export function saveRepro(file: string, { config, result, invariant }: Failure): void {
  try {
    writeRepro(file, createRepro(config, result, invariant));
  } catch (error) {
    throw new EnvironmentError(`${file}: ${reasonOf(error)}`);
  }
}
