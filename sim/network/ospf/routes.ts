/**
 * From shortest paths to routes, and from routes to what the kernel forwards by.
 */
import type { Prefix } from "./address.ts";
import { prefixOf } from "./address.ts";
import type { LinkStateDatabase, RouterLsa } from "./lsa.ts";
import type { Hop, Vertex } from "./spf.ts";
import { addHops, shortestPaths } from "./spf.ts";

/** One line of `show ip ospf route`. */
export interface Route {
  cost: number;
  /** Ascending by gateway, the router's own networks (gateway 0) first. */
  hops: Hop[];
}

export type RouteTable = Map<Prefix, Route>;

/** The OSPF routes of the router with id `rootId`, as that database implies them. */
export function ospfRoutes(database: LinkStateDatabase, rootId: number): RouteTable {
  const tree = shortestPaths(database, rootId);
  const table: RouteTable = new Map();
  for (const { lsa, distance, hops } of tree) {
    if (lsa.type === "network") {
      offer(table, prefixOf(lsa.id, lsa.prefixLength), distance, hops);
    }
  }
  // Stub prefixes come last, so that they are leaves and never transit.
  for (const vertex of tree) {
    if (vertex.lsa.type === "router") offerStubs(table, vertex, vertex.lsa, vertex === tree[0]);
  }
  for (const route of table.values()) route.hops.sort((a, b) => a.gateway - b.gateway);
  return table;
}

function offerStubs(table: RouteTable, vertex: Vertex, lsa: RouterLsa, isRoot: boolean): void {
  for (const link of lsa.links) {
    if (link.type !== "stub") continue;
    const hops = isRoot ? [{ gateway: 0, interface: link.prefix }] : vertex.hops;
    offer(table, link.prefix, vertex.distance + link.metric, hops);
  }
}

/** Takes the cheaper of two offers for a prefix, or both ways if they cost the same. */
function offer(table: RouteTable, prefix: Prefix, cost: number, hops: readonly Hop[]): void {
  const known = table.get(prefix);
  if (known === undefined || cost < known.cost) {
    table.set(prefix, { cost, hops: [...hops] });
  } else if (cost === known.cost) {
    addHops(known.hops, hops);
  }
}

/**
 * The routes that reach the kernel: those of which the router is not itself a part, since a
 * connected network beats any protocol's route; of more than `maximumPaths` equal ways those with
 * the lowest gateways (recorded: zebra 8.4.4 given seven ways and `maximum-paths 6`), in ascending
 * order, which is the order in which the flow hash counts them.
 */
export function kernelRoutes(
  table: RouteTable,
  connected: ReadonlySet<Prefix>,
  maximumPaths: number,
): Map<Prefix, readonly Hop[]> {
  const kernel = new Map<Prefix, readonly Hop[]>();
  for (const [prefix, { hops }] of table) {
    if (!connected.has(prefix)) kernel.set(prefix, hops.slice(0, maximumPaths));
  }
  return kernel;
}

/** The networks that the router's own LSA says it is attached to. */
export function connectedPrefixes(database: LinkStateDatabase, routerId: number): Set<Prefix> {
  const connected = new Set<Prefix>();
  for (const link of database.router(routerId)?.links ?? []) {
    if (link.type === "stub") connected.add(link.prefix);
    if (link.type === "transit") {
      const network = database.network(link.designatedRouter);
      if (network !== undefined) connected.add(prefixOf(network.id, network.prefixLength));
    }
  }
  return connected;
}
