/** A scenario's sale on one ticket server, without faults. */
import { NO_FAULTS } from "../../sim/faults/vocabulary.ts";
import type { RunConfig } from "../../sim/result.ts";

export function alone(config: RunConfig): RunConfig {
  const { weights: _, ...servers } = config.scenario.servers;
  return {
    ...config,
    scenario: {
      ...config.scenario,
      sites: config.scenario.sites.slice(0, 1),
      servers: { ...servers, count: 1 },
      nginx: { ...config.scenario.nginx, servers: [] },
    },
    plan: NO_FAULTS,
  };
}
