/**
 * What a seed produces is API: these trace hashes are pinned. A change that moves one is a breaking
 * change and says so in its commit; `npx vitest run props/determinism/golden -u` writes new pins.
 */
import { expect, test } from "vitest";
import { drawPlan } from "../../sim/faults/draw.ts";
import { drawSwarm } from "../../sim/faults/swarm.ts";
import { loadScenario } from "../../sim/scenario/load.ts";
import { loadStrategy } from "../../sim/cli/strategy.ts";
import { runToEnd } from "../../sim/sweep/run-seed.ts";

const PINNED = [
  { scenario: "smoke", seed: 1n, strategy: "pre-deduct", faults: "scenario" },
  { scenario: "smoke", seed: 12306n, strategy: "pre-deduct", faults: "scenario" },
  { scenario: "smoke", seed: 1n, strategy: "article", faults: "scenario" },
  { scenario: "smoke", seed: 1n, strategy: "order-first", faults: "scenario" },
  { scenario: "smoke", seed: 1n, strategy: "pay-first", faults: "scenario" },
  { scenario: "demo", seed: 12306n, strategy: "pre-deduct", faults: "scenario" },
  { scenario: "small", seed: 5n, strategy: "pre-deduct", faults: "swarm" },
  { scenario: "small", seed: 0xffff_ffff_ffff_ffffn, strategy: "pre-deduct", faults: "swarm" },
] as const;

test("seeds give the pinned traces", async () => {
  const lines: string[] = [];
  for (const { scenario: name, seed, strategy: strategyName, faults } of PINNED) {
    const scenario = loadScenario(name, seed);
    const strategy = await loadStrategy(strategyName);
    const plan = faults === "swarm" ? drawSwarm(scenario, seed) : drawPlan(scenario, seed);
    const { traceHash, events } = runToEnd(
      { seed, scenario, strategy: strategyName, plan },
      strategy,
    );
    lines.push(`${name} ${seed} ${strategyName} ${faults}: ${traceHash} ${events} events`);
  }
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("golden.txt");
});
