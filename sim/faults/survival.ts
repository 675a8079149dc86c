/**
 * What a plan leaves alive: whether at every instant some way still leads from a buyer to Redis.
 *
 * A plan that cuts every way for good shows nothing about an engine, so the swarm draws none. This
 * is arithmetic on the picture of `topology.ts`, not a model of how a failure is noticed: for that
 * a machine counts as dead for some time after it is back.
 */
import type { Scenario } from "../scenario/schema.ts";
import type { Topology } from "../world/topology.ts";
import type { Episode } from "./vocabulary.ts";

/** What is out of service at one instant, by number. */
interface Outage {
  readonly servers: Set<number>;
  readonly nginx: Set<number>;
  readonly directors: Set<number>;
}

/** True if, whenever an episode begins, a director, an nginx and a server of one way are alive. */
export function leavesAWay(
  episodes: readonly Episode[],
  scenario: Scenario,
  topology: Topology,
): boolean {
  // Outages only grow when an episode begins, so no other instants need a look.
  return episodes.every(({ atMs }) =>
    isWayOpen(outageAt(atMs, episodes, scenario, topology), scenario, topology),
  );
}

function isWayOpen(
  { servers, nginx, directors }: Outage,
  scenario: Scenario,
  topology: Topology,
): boolean {
  return topology.sites.some(
    (_, site) =>
      isAnyAlive(topology.siteOfDirector, directors, site) &&
      isAnyAlive(topology.siteOfNginx, nginx, site) &&
      (isAnyAlive(topology.siteOfServer, servers, site) ||
        (scenario.nginx.backupSites && servers.size < topology.servers.length)),
  );
}

function isAnyAlive(siteOf: readonly number[], dead: Set<number>, site: number): boolean {
  return siteOf.some((itsSite, i) => itsSite === site && !dead.has(i));
}

/** How long a machine that is back may stay unused, because nobody has noticed yet. */
export function recoveryMs({ ospf, lvs, nginx }: Scenario): number {
  const { delayLoopMs, connectTimeoutMs, retry, delayBeforeRetryMs } = lvs.check;
  return Math.max(
    ospf.deadSeconds * 1000 + ospf.spf.maxMs,
    delayLoopMs + (retry + 1) * (connectTimeoutMs + delayBeforeRetryMs),
    nginx.fail_timeout * 1000,
  );
}

function outageAt(
  nowMs: number,
  episodes: readonly Episode[],
  scenario: Scenario,
  topology: Topology,
): Outage {
  const outage: Outage = { servers: new Set(), nginx: new Set(), directors: new Set() };
  for (const episode of episodes) {
    const untilMs =
      episode.forMs === undefined
        ? Number.POSITIVE_INFINITY
        : episode.atMs + episode.forMs + recoveryMs(scenario);
    if (episode.atMs <= nowMs && nowMs < untilMs) addTo(outage, episode, topology);
  }
  return outage;
}

function addTo(outage: Outage, { kind, target = 0 }: Episode, topology: Topology): void {
  const directorCount = topology.directors.length;
  switch (kind) {
    case "server-crash":
    case "server-pause":
    case "server-front-cut":
    case "server-counter-cut":
      outage.servers.add(target);
      return;
    case "nginx-crash":
      outage.nginx.add(target);
      return;
    case "director-crash":
      outage.directors.add(target);
      return;
    case "link-cut":
      // Uplinks first, then director links, both in director order.
      outage.directors.add(target % directorCount);
      return;
    case "router-crash":
      // The edge, then the core routers, then the directors themselves.
      if (target > 0) outage.directors.add((target - 1) % directorCount);
      else topology.directors.forEach((_, director) => outage.directors.add(director));
      return;
    case "site-loss":
      addSite(outage.servers, topology.siteOfServer, target);
      addSite(outage.nginx, topology.siteOfNginx, target);
      addSite(outage.directors, topology.siteOfDirector, target);
      return;
    default:
  }
}

function addSite(dead: Set<number>, siteOf: readonly number[], site: number): void {
  siteOf.forEach((itsSite, i) => {
    if (itsSite === site) dead.add(i);
  });
}
