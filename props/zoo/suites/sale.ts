/** Suite `sale`: the sweep's worlds, a small drawn sale under a swarm of faults. */
import { Findings } from "../../../core/invariants/findings.ts";
import { preDeduct } from "../../../core/strategies/pre-deduct.ts";
import type { Strategy } from "../../../core/strategy.ts";
import type { RunConfig } from "../../../sim/result.ts";
import { drawRun, runToEnd } from "../../../sim/sweep/run-seed.ts";
import { firstOfEach, outcomeOf, voidOutcome } from "./suite.ts";
import type { Outcome } from "./suite.ts";
import { watched } from "./watched-server.ts";

export { plantedHits } from "../planted.ts";

export function play(seed: bigint): Outcome {
  return playStrategy(preDeduct, seed);
}

export function playStrategy(strategy: Strategy<object>, seed: bigint): Outcome {
  const target = { scenario: "small", strategy: strategy.name, faults: "swarm" } as const;
  return judged(drawRun(target, seed), strategy);
}

/** Runs to the end; what the run itself finds comes first, for it is nearer to the buyer. */
export function judged(config: RunConfig, strategy: Strategy<object>): Outcome {
  const findings = new Findings();
  const { invariants } = runToEnd(config, watched(strategy, findings));
  const broken = invariants.filter(({ ok }) => !ok);
  const failure = broken.find(({ detail }) => detail.startsWith("the strategy "));
  if (failure !== undefined) return voidOutcome(failure.detail);
  return outcomeOf([
    ...broken.map(({ name, detail, atMs }) => ({ invariant: name, detail, atMs: atMs ?? 0 })),
    ...firstOfEach(findings),
  ]);
}
