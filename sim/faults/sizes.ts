/** The sizes of a scenario, one setter each; what hangs on a size changes with it. */
import type { Scenario } from "../scenario/schema.ts";

export const withBuyers = (scenario: Scenario, count: number): Scenario => ({
  ...scenario,
  buyers: { ...scenario.buyers, count },
});

export const withTickets = (scenario: Scenario, tickets: number): Scenario => ({
  ...scenario,
  sale: { ...scenario.sale, tickets },
});

/** The slices follow from the weights, so those go with their servers. */
export const withServers = (scenario: Scenario, count: number): Scenario => ({
  ...scenario,
  servers: {
    ...scenario.servers,
    count,
    ...(scenario.servers.weights !== undefined && {
      weights: scenario.servers.weights.slice(0, count),
    }),
  },
});

export const withSites = (scenario: Scenario, count: number): Scenario => ({
  ...scenario,
  sites: scenario.sites.slice(0, count),
});

export const withNginx = (scenario: Scenario, perSite: number): Scenario => ({
  ...scenario,
  nginx: { ...scenario.nginx, perSite },
});

export const withDirectors = (scenario: Scenario, directorsPerSite: number): Scenario => ({
  ...scenario,
  lvs: { ...scenario.lvs, directorsPerSite },
});

export const withWorkers = (scenario: Scenario, workers: number): Scenario => ({
  ...scenario,
  orders: { ...scenario.orders, workers },
});
