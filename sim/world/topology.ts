/**
 * The picture everybody draws, as plain data: which machine stands where and who is connected.
 *
 * ```
 * buyers ─ edge ═╦═ core east-1 ─ director east-1 ─╮
 *                ╠═ core east-2 ─ director east-2 ─┼─ nginx east-1…n ─ ticket servers of east ─ Redis
 *                ╚═ core west-1 ─ director west-1 ─ …
 * ```
 *
 * Every director advertises the one service address. The edge router sees as many equal-cost paths
 * as there are directors and spreads flows over them; whose path dies is routed to the others, of
 * the other site too. Redis, the order database and the payment provider stand outside the sites.
 */
import type { OspfConfig } from "../network/ospf/config.ts";
import type { Scenario } from "../scenario/schema.ts";

export const SERVICE_PREFIX = "10.100.0.1/32";
export const EDGE_ROUTER = "edge";

export interface Topology {
  readonly sites: readonly string[];
  /** Edge first, then one core router for each director. Directors route too, and come last. */
  readonly routers: readonly string[];
  /** Uplinks (edge to core) first, then director links (core to director), in director order. */
  readonly links: readonly string[];
  readonly directors: readonly string[];
  readonly nginx: readonly string[];
  readonly servers: readonly string[];
  readonly workers: readonly string[];
  readonly siteOfDirector: readonly number[];
  readonly siteOfNginx: readonly number[];
  readonly siteOfServer: readonly number[];
}

export function buildTopology(scenario: Scenario): Topology {
  const { lvs, nginx, servers, orders } = scenario;
  // A site without a ticket server has nothing to do.
  const sites = scenario.sites.slice(0, servers.count);
  const perSite = (prefix: string, count: number): { names: string[]; siteOf: number[] } => {
    const names: string[] = [];
    const siteOf: number[] = [];
    sites.forEach((site, siteIndex) => {
      for (let i = 1; i <= count; i += 1) {
        names.push(`${prefix}-${site}-${i}`);
        siteOf.push(siteIndex);
      }
    });
    return { names, siteOf };
  };
  const directors = perSite("director", lvs.directorsPerSite);
  const proxies = perSite("nginx", nginx.perSite);
  const cores = perSite("core", lvs.directorsPerSite).names;
  return {
    sites,
    routers: [EDGE_ROUTER, ...cores, ...directors.names],
    links: [
      ...cores.map((core) => `edge--${core}`),
      ...cores.map((core, i) => `${core}--${directors.names[i]}`),
    ],
    directors: directors.names,
    nginx: proxies.names,
    servers: Array.from({ length: servers.count }, (_, i) => `server-${i}`),
    workers: Array.from({ length: orders.workers }, (_, i) => `worker-${i}`),
    siteOfDirector: directors.siteOf,
    siteOfNginx: proxies.siteOf,
    // Contiguous blocks, as even as possible.
    siteOfServer: Array.from({ length: servers.count }, (_, i) =>
      Math.floor((i * sites.length) / servers.count),
    ),
  };
}

export function ospfConfig(scenario: Scenario, topology: Topology): OspfConfig {
  const { ospf } = scenario;
  const link = (name: string, from: string, to: string): OspfConfig["links"][number] => {
    const own = ospf.links.find((override) => override.link === name);
    return {
      name,
      type: ospf.linkType,
      ends: [
        own?.cost === undefined ? { router: from } : { router: from, cost: own.cost },
        { router: to },
      ],
      bandwidthMbit: own?.bandwidthMbit ?? ospf.bandwidthMbit,
      helloSeconds: ospf.helloSeconds,
      deadSeconds: ospf.deadSeconds,
    };
  };
  const count = topology.directors.length;
  const core = (i: number): string => topology.routers[1 + i];
  return {
    routers: topology.routers.map((name) =>
      topology.directors.includes(name)
        ? { name, prefixes: [{ prefix: SERVICE_PREFIX, cost: 1 }] }
        : { name },
    ),
    links: topology.links.map((name, i) =>
      i < count
        ? link(name, EDGE_ROUTER, core(i))
        : link(name, core(i - count), topology.directors[i - count]),
    ),
    spf: ospf.spf,
    costRule: ospf.costRule,
    referenceBandwidthMbit: ospf.referenceBandwidthMbit,
    maximumPaths: ospf.maximumPaths,
  };
}
