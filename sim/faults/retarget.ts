/** Keeps a fault plan playable when the scenario loses machines. */
import type { RunConfig } from "../result.ts";
import type { Scenario } from "../scenario/schema.ts";
import { buildTopology } from "../world/topology.ts";
import { targetNames } from "./targets.ts";

/**
 * The run on another scenario. A fault whose target is gone hits another machine of its kind: the
 * shrinker has found the fault to matter, and which machine it hits rarely does.
 */
export function onScenario(config: RunConfig, scenario: Scenario): RunConfig {
  const topology = buildTopology(scenario);
  const episodes = config.plan.episodes.map((episode) => {
    const names = targetNames(episode.kind, topology);
    if (names === null || episode.target === undefined) return episode;
    return { ...episode, target: episode.target % names.length };
  });
  return { ...config, scenario, plan: { ...config.plan, episodes } };
}
