import { describe, expect, test } from "vitest";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import { drawSmallScenario } from "../scenario/small.ts";
import { checkConsistency } from "../scenario/consistency.ts";
import type { RunConfig, SimulationResult } from "../result.ts";
import { runToEnd } from "../sweep/run-seed.ts";
import { checkPlan } from "./plan.ts";
import { shrink } from "./shrink.ts";
import { drawSwarm } from "./swarm.ts";
import type { FaultKind } from "./vocabulary.ts";

const seed = 5n;
const scenario = {
  ...drawSmallScenario(seed),
  sites: ["east", "west"],
  servers: { ...drawSmallScenario(seed).servers, count: 6, weights: [1, 2, 3, 4, 5, 6] },
};
const failing: RunConfig = {
  seed,
  scenario,
  strategy: "pre-deduct",
  plan: { schemaVersion: 1, episodes: drawSwarm(scenario, seed).episodes },
};

/** A real result, in which `no-oversell` is said to break where `breaks` says so. */
function resultWhere(breaks: (config: RunConfig) => boolean) {
  const passed = runToEnd({ ...failing, plan: { schemaVersion: 1, episodes: [] } }, preDeduct);
  return async (config: RunConfig): Promise<SimulationResult> => {
    checkConsistency(config.scenario);
    checkPlan(config.plan, config.scenario);
    return {
      ...passed,
      invariants: passed.invariants.map((invariant) =>
        invariant.name === "no-oversell" && breaks(config)
          ? { ...invariant, ok: false, atMs: null, detail: "a made-up violation" }
          : invariant,
      ),
    };
  };
}

const has = (config: RunConfig, kind: FaultKind): boolean =>
  config.plan.episodes.some((episode) => episode.kind === kind);

describe("shrink", () => {
  test("cuts everything away that the violation does not need", async () => {
    const runOne = resultWhere(() => true);
    const { config } = await shrink(failing, "no-oversell", { runs: 200, runOne });
    expect(config.plan.episodes).toEqual([]);
    expect(config.scenario.buyers.count).toBe(1);
    expect(config.scenario.sale.tickets).toBe(1);
    expect(config.scenario.sites).toEqual(["east"]);
    expect(config.scenario.servers.count).toBe(1);
    expect(config.scenario.servers.weights).toBeUndefined();
    expect(config.scenario.nginx.perSite).toBe(1);
  });

  test("finds the exact numbers, and the faults that matter among many", async () => {
    const [first, second] = new Set(failing.plan.episodes.map(({ kind }) => kind));
    const runOne = resultWhere(
      (config) =>
        config.scenario.buyers.count >= 2 * config.scenario.sale.tickets &&
        config.scenario.sale.tickets >= 3 &&
        config.scenario.servers.count >= 2 &&
        has(config, first) &&
        has(config, second),
    );
    const { config } = await shrink(failing, "no-oversell", { runs: 400, runOne });
    expect(config.plan.episodes.map(({ kind }) => kind).toSorted()).toEqual(
      [first, second].toSorted(),
    );
    expect(config.scenario.sale.tickets).toBe(3);
    expect(config.scenario.buyers.count).toBe(6);
    expect(config.scenario.servers.count).toBe(2);
  });

  test("spends no more runs than it may, and tells how far it is", async () => {
    const told: number[] = [];
    const { runsUsed } = await shrink(failing, "no-oversell", {
      runs: 20,
      runOne: resultWhere(({ scenario: { buyers } }) => buyers.count > 50),
      onProgress: (done) => told.push(done),
    });
    expect(runsUsed).toBe(20);
    expect(told).toEqual(Array.from({ length: 19 }, (_, i) => i + 2));
  });

  test("gives everybody the same", async () => {
    const options = { runs: 60, runOne: resultWhere((config) => has(config, "link-cost")) };
    const withCost: RunConfig = {
      ...failing,
      plan: {
        schemaVersion: 1,
        episodes: [...failing.plan.episodes, { kind: "link-cost", target: 0, atMs: 9, cost: 7 }],
      },
    };
    const one = await shrink(withCost, "no-oversell", options);
    const other = await shrink(withCost, "no-oversell", options);
    expect(other.config).toEqual(one.config);
  });

  test("accepts no other invariant in place of the one that broke", async () => {
    const runOne = resultWhere(() => true);
    await expect(shrink(failing, "one-order", { runs: 10, runOne })).rejects.toThrow("one-order");
  });
});
