/**
 * Suite `interleavings`: a few engines and one counter, where every message waits until it is
 * delivered, lost, doubled or overtaken. The sale's network keeps messages in order; this one need
 * not.
 */
import * as fc from "fast-check";
import { Findings } from "../../../core/invariants/findings.ts";
import { preDeduct } from "../../../core/strategies/pre-deduct.ts";
import { heal } from "../../engine/healing.ts";
import { run } from "../../engine/operations.ts";
import type { Run } from "../../engine/operations.ts";
import { World } from "../../engine/world.ts";
import { ebbAndFlow } from "./ebb-and-flow.ts";
import { firstOfEach, outcomeOf, voidOutcome } from "./suite.ts";
import type { Outcome } from "./suite.ts";
import { watched } from "./watched-server.ts";

export { plantedHits } from "../planted.ts";

/** The first runs that fast-check draws from a seed are short ones. */
const RUNS_PER_SEED = 5;
const SEEDS = 2n ** 31n;

export function play(seed: bigint): Outcome {
  const parameters = { seed: Number(seed % SEEDS), numRuns: RUNS_PER_SEED };
  for (const drawn of [...fc.sample(run, parameters), ...fc.sample(ebbAndFlow, parameters)]) {
    const outcome = playRun(drawn);
    if (outcome.broken.length > 0 || outcome.isVoid) return outcome;
  }
  return outcomeOf([]);
}

function playRun({ config, operations }: Run): Outcome {
  const findings = new Findings();
  const world = new World(config, watched(preDeduct, findings));
  try {
    for (const operation of operations) world.apply(operation);
    heal(world);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith("no progress")))
      return voidOutcome(error);
    // A world that does not come to rest has broken its promises before, or none that has a name.
  }
  return outcomeOf([...firstOfEach(world.judge.findings), ...firstOfEach(findings)]);
}
