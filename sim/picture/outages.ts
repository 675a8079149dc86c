/** Which machines and links a fault plan has out of service at a given time. */
import type { Episode, FaultKind, FaultPlan } from "../faults/vocabulary.ts";
import { targetNames } from "../faults/targets.ts";
import type { Topology } from "../world/topology.ts";

export interface Outage {
  readonly kind: FaultKind;
  readonly sinceMs: number;
}

/** Outages by the index of what is out, in the order of the topology. */
export interface Outages {
  readonly links: ReadonlyMap<number, Outage>;
  readonly routers: ReadonlyMap<number, Outage>;
  readonly directors: ReadonlyMap<number, Outage>;
  readonly nginx: ReadonlyMap<number, Outage>;
  readonly servers: ReadonlyMap<number, Outage>;
  readonly redis: Outage | null;
  readonly database: Outage | null;
  /** The episodes behind them, in the order of the plan. */
  readonly episodes: readonly Episode[];
}

/** Episodes that have begun before `atMs` and not ended before it. */
export function outagesAt(plan: FaultPlan, topology: Topology, atMs: number): Outages {
  const links = new Map<number, Outage>();
  const routers = new Map<number, Outage>();
  const directors = new Map<number, Outage>();
  const nginx = new Map<number, Outage>();
  const servers = new Map<number, Outage>();
  let redis: Outage | null = null;
  let database: Outage | null = null;
  const episodes: Episode[] = [];
  for (const episode of plan.episodes) {
    if (episode.atMs >= atMs || episode.atMs + (episode.forMs ?? Infinity) < atMs) continue;
    const { kind, target = 0 } = episode;
    const outage = { kind, sinceMs: episode.atMs };
    switch (kind) {
      case "link-cut":
        links.set(target, outage);
        break;
      case "router-crash":
        routers.set(target, outage);
        // Directors are the last of the routers.
        if (target >= topology.routers.length - topology.directors.length)
          directors.set(target - (topology.routers.length - topology.directors.length), outage);
        break;
      case "director-crash":
        directors.set(target, outage);
        break;
      case "nginx-crash":
        nginx.set(target, outage);
        break;
      case "server-crash":
      case "server-pause":
      case "server-front-cut":
        servers.set(target, outage);
        break;
      case "site-loss":
        markSite(topology.siteOfDirector, target, outage, directors);
        // Core routers follow the edge router, one for each director.
        markSite(topology.siteOfDirector, target, outage, routers, 1);
        markSite(topology.siteOfNginx, target, outage, nginx);
        markSite(topology.siteOfServer, target, outage, servers);
        break;
      case "redis-stall":
      case "redis-restart":
        redis = outage;
        break;
      case "database-stall":
        database = outage;
        break;
      default:
        continue;
    }
    episodes.push(episode);
  }
  return { links, routers, directors, nginx, servers, redis, database, episodes };
}

function markSite(
  siteOf: readonly number[],
  site: number,
  outage: Outage,
  marked: Map<number, Outage>,
  firstIndex = 0,
): void {
  siteOf.forEach((at, i) => {
    if (at === site) marked.set(i + firstIndex, outage);
  });
}

/** "director-crash director-east-2". */
export function nameOf({ kind, target }: Episode, topology: Topology): string {
  const name = target === undefined ? undefined : targetNames(kind, topology)?.[target];
  return name === undefined ? kind : `${kind} ${name}`;
}
