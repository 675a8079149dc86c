import { expect, test } from "vitest";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import type { Strategy } from "../../core/strategy.ts";
import { NO_FAULTS } from "../faults/vocabulary.ts";
import type { RunConfig } from "../result.ts";
import { loadScenario } from "../scenario/load.ts";
import { runToEnd } from "../sweep/run-seed.ts";
import { rehearse } from "./rehearsal.ts";

function configOf(buyers: number): RunConfig {
  const scenario = loadScenario("smoke", 7n);
  return {
    seed: 7n,
    scenario: { ...scenario, buyers: { ...scenario.buyers, count: buyers } },
    strategy: "pre-deduct",
    plan: NO_FAULTS,
  };
}

/** How often a rehearsal gave way; each time after some events. */
async function turnsOf(config: RunConfig, strategy: Strategy): Promise<number> {
  let turns = 0;
  await rehearse(config, strategy, () => {
    turns += 1;
    return Promise.resolve();
  });
  return turns;
}

test("only a big run is rehearsed, with few of its buyers", async () => {
  expect(await turnsOf(configOf(2000), preDeduct)).toBe(0);
  const turns = await turnsOf(configOf(1_000_000), preDeduct);
  expect(turns).toBeGreaterThan(0);
  expect(turns).toBeLessThan(400);
});

test("the run after a rehearsal is the run without one", { timeout: 30_000 }, async () => {
  const config = configOf(20_000);
  const without = runToEnd(config, preDeduct);
  await rehearse(config, preDeduct, () => Promise.resolve());
  expect(runToEnd(config, preDeduct)).toEqual(without);
});

test("it ends even with a strategy that never rests", async () => {
  const { server } = preDeduct;
  const restless: Strategy = {
    ...preDeduct,
    server: {
      ...server,
      step: (_state, _input, _nowMs, out) =>
        out.push({ type: "timer", timer: "again", afterMs: 0.001 }),
    },
  };
  expect(await turnsOf(configOf(1_000_000), restless)).toBe(800);
});
