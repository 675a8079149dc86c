/** A recorded network as a configuration of the simulator's, so that its events can be replayed. */
import {
  formatAddress,
  formatPrefix,
  prefixContains,
  prefixOf,
} from "../../sim/network/ospf/address.ts";
import type {
  LinkConfig,
  LinkEndConfig,
  OspfConfig,
  PrefixConfig,
  RouterConfig,
} from "../../sim/network/ospf/config.ts";
import type { LinkStateDatabase, RouterLsa } from "../../sim/network/ospf/lsa.ts";
import type { Snapshot } from "./ospf-recording.ts";

interface Timing {
  readonly helloSeconds: number;
  readonly deadSeconds: number;
}

/**
 * The network that this converged database describes; links are named by their subnets, such as
 * "10.0.1.0/30". `priorities` are those of routers on broadcast networks, by router name.
 */
export function networkConfig(
  snapshots: readonly Snapshot[],
  timing: (prefix: string) => Timing,
  priorities: Readonly<Record<string, number>> = {},
): OspfConfig {
  const [{ database }] = snapshots;
  const nameById = new Map(snapshots.map(({ rootId, router }) => [rootId, router]));
  const ends = new Map<string, { type: LinkConfig["type"]; ends: LinkEndConfig[] }>();
  const routers: RouterConfig[] = [];
  for (const [id, name] of nameById) {
    const lsa = database.router(id)!;
    const subnets = linksOf(database, lsa);
    for (const { prefix, type, address, metric } of subnets) {
      const link = ends.get(prefix) ?? { type, ends: [] };
      ends.set(prefix, link);
      const priority = priorities[name] ?? 1;
      link.ends.push({ router: name, address: formatAddress(address), cost: metric, priority });
    }
    const prefixes: PrefixConfig[] = [];
    for (const link of lsa.links) {
      if (link.type !== "stub") continue;
      const prefix = formatPrefix(link.prefix);
      if (subnets.some((subnet) => subnet.prefix === prefix)) continue;
      prefixes.push({ prefix, cost: link.metric });
    }
    routers.push({ name, routerId: formatAddress(id), prefixes });
  }
  const links = [...ends].map(([prefix, link]) => {
    return { name: prefix, prefix, bandwidthMbit: 10_000, ...timing(prefix), ...link };
  });
  return { routers, links, maximumPaths: 256 };
}

interface Subnet {
  readonly prefix: string;
  readonly type: LinkConfig["type"];
  readonly address: number;
  readonly metric: number;
}

function linksOf(database: LinkStateDatabase, lsa: RouterLsa): Subnet[] {
  const subnets: Subnet[] = [];
  for (const link of lsa.links) {
    if (link.type === "point-to-point") {
      const { address, metric } = link;
      const stub = lsa.links.find(
        (other) => other.type === "stub" && prefixContains(other.prefix, address),
      );
      if (stub?.type !== "stub") throw new Error("an unnumbered link");
      subnets.push({ prefix: formatPrefix(stub.prefix), type: link.type, address, metric });
    } else if (link.type === "transit") {
      const { prefixLength } = database.network(link.designatedRouter)!;
      const prefix = formatPrefix(prefixOf(link.designatedRouter, prefixLength));
      subnets.push({ prefix, type: "broadcast", address: link.address, metric: link.metric });
    }
  }
  return subnets;
}
