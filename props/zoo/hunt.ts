/** Sends a strategy through the sweep's worlds, seed after seed, until a named invariant breaks. */
import type { InvariantName } from "../../core/invariants/findings.ts";
import type { Strategy } from "../../core/strategy.ts";
import { drawRun, outcomeOf, runToEnd } from "../../sim/sweep/run-seed.ts";
import type { SeedOutcome } from "../../sim/sweep/run-seed.ts";

/** One seed: a small drawn sale under a swarm of faults, as `npm run sweep` runs it. */
export function runSeed(strategy: Strategy, seed: bigint): SeedOutcome {
  const target = { scenario: "small", strategy: strategy.name, faults: "swarm" } as const;
  return outcomeOf(runToEnd(drawRun(target, seed), strategy));
}

export interface Kill {
  readonly seed: bigint;
  readonly invariant: InvariantName;
  readonly detail: string;
}

/** How a seed kills; null if nothing broke of what should. */
export function killOf(outcome: SeedOutcome, breaks: readonly InvariantName[]): Kill | null {
  const invariant = outcome.broken.find((name) => breaks.includes(name));
  // A mutant that throws is badly planted; that its run is void tells nothing about the checks.
  if (invariant === undefined || outcome.detail.startsWith("the strategy ")) return null;
  return { seed: BigInt(outcome.seed), invariant, detail: outcome.detail };
}

/** The first kill among `seedCount` seeds from `seedFrom` on; null if the mutant survives. */
export function hunt(
  strategy: Strategy,
  breaks: readonly InvariantName[],
  seedFrom: bigint,
  seedCount: number,
): Kill | null {
  for (let i = 0; i < seedCount; i += 1) {
    const kill = killOf(runSeed(strategy, seedFrom + BigInt(i)), breaks);
    if (kill !== null) return kill;
  }
  return null;
}
