/**
 * The SPF run: Dijkstra's algorithm over router and network vertices (RFC 2328, section 16.1), with
 * the details in which FRR 8.4.4 was recorded.
 */
import type { Prefix } from "./address.ts";
import { prefixContains, prefixOf } from "./address.ts";
import type { LinkStateDatabase, NetworkLsa, RouterLink, RouterLsa } from "./lsa.ts";

/** One way out of the calculating router. */
export interface Hop {
  /** Address of the neighbour; 0 if the destination is on the interface's own network. */
  readonly gateway: number;
  /** The prefix of the interface it leaves by, which names that interface on its router. */
  readonly interface: Prefix;
}

export interface Vertex {
  readonly lsa: RouterLsa | NetworkLsa;
  /** Sum of outgoing costs from the root. */
  distance: number;
  /** Ways out of the root that lead here at this distance, without duplicates. */
  hops: Hop[];
}

/**
 * All vertices that the router with id `rootId` can reach, nearest first, the root foremost; empty
 * if the database has no LSA of it. Runs in O(vertices²), which for tens of routers beats a heap.
 */
export function shortestPaths(database: LinkStateDatabase, rootId: number): Vertex[] {
  const root = database.router(rootId);
  if (root === undefined) return [];
  const tree: Vertex[] = [];
  const candidates: Vertex[] = [{ lsa: root, distance: 0, hops: [] }];
  for (;;) {
    const nearest = takeNearest(candidates);
    if (nearest === undefined) return tree;
    tree.push(nearest);
    forEachNeighbour(database, nearest.lsa, (lsa, cost, link) => {
      if (tree.some((vertex) => vertex.lsa === lsa)) return;
      const hops = hopsTo(nearest, nearest === tree[0], lsa, link);
      if (hops.length > 0) relax(candidates, lsa, nearest.distance + cost, hops);
    });
  }
}

function takeNearest(candidates: Vertex[]): Vertex | undefined {
  let best = 0;
  for (let i = 1; i < candidates.length; i++) {
    const a = candidates[i];
    const b = candidates[best];
    // At equal distance networks go first: their routers are at the same distance, and a router
    // must have gathered all its equal ways before it is expanded.
    const networkFirst = a.lsa.type === "network" && b.lsa.type === "router";
    if (a.distance < b.distance || (a.distance === b.distance && networkFirst)) best = i;
  }
  return candidates.splice(best, 1)[0];
}

function relax(
  candidates: Vertex[],
  lsa: Vertex["lsa"],
  distance: number,
  hops: readonly Hop[],
): void {
  const known = candidates.find((vertex) => vertex.lsa === lsa);
  if (known === undefined) {
    candidates.push({ lsa, distance, hops: [...hops] });
  } else if (distance < known.distance) {
    known.distance = distance;
    known.hops = [...hops];
  } else if (distance === known.distance) {
    addHops(known.hops, hops);
  }
}

/** Appends the hops that are not there yet. */
export function addHops(hops: Hop[], more: readonly Hop[]): void {
  for (const hop of more) {
    if (!hops.some((h) => h.gateway === hop.gateway && h.interface === hop.interface)) {
      hops.push(hop);
    }
  }
}

type Visit = (lsa: RouterLsa | NetworkLsa, cost: number, link?: RouterLink) => void;

/** Visits each vertex that both lists this one and is listed by it: the two-way check. */
function forEachNeighbour(
  database: LinkStateDatabase,
  from: RouterLsa | NetworkLsa,
  visit: Visit,
): void {
  if (from.type === "network") {
    for (const id of from.attached) {
      const router = database.router(id);
      // From a network to its routers is free: the way in has been paid for.
      if (router !== undefined && listsNetwork(router, from)) visit(router, 0);
    }
    return;
  }
  for (const link of from.links) {
    if (link.type === "point-to-point") {
      const router = database.router(link.neighbour);
      if (router !== undefined && listsRouter(router, from)) visit(router, link.metric, link);
    } else if (link.type === "transit") {
      const network = database.network(link.designatedRouter);
      if (network?.attached.includes(from.id) === true) visit(network, link.metric, link);
    }
  }
}

function listsNetwork(router: RouterLsa, network: NetworkLsa): boolean {
  return router.links.some((l) => l.type === "transit" && l.designatedRouter === network.id);
}

/** Any link back will do, not only the same one of several parallel links. */
function listsRouter(router: RouterLsa, other: RouterLsa): boolean {
  return router.links.some((l) => l.type === "point-to-point" && l.neighbour === other.id);
}

/** The ways out of the root that lead over `parent` to `child` (RFC 2328, section 16.1.1). */
function hopsTo(
  parent: Vertex,
  parentIsRoot: boolean,
  child: RouterLsa | NetworkLsa,
  link: RouterLink | undefined,
): readonly Hop[] {
  if (parentIsRoot) return firstHops(parent.lsa as RouterLsa, child, link);
  if (parent.lsa.type === "network" && child.type === "router") {
    // If the root itself is on the network, the child is the neighbour, and any equal detour to
    // the network is left out (FRR, ospf_nexthop_calculation).
    const direct = parent.hops.filter((hop) => hop.gateway === 0);
    if (direct.length > 0) return neighboursOn(parent.lsa, child, direct);
  }
  return parent.hops;
}

function firstHops(
  root: RouterLsa,
  child: RouterLsa | NetworkLsa,
  link: RouterLink | undefined,
): readonly Hop[] {
  if (child.type === "network") {
    return [{ gateway: 0, interface: prefixOf(child.id, child.prefixLength) }];
  }
  if (link?.type !== "point-to-point") return [];
  // Each parallel link is a way of its own. The neighbour's address on it is the one of its links
  // back whose address lies on the same subnet.
  const subnet = interfacePrefix(root, link.address);
  if (subnet === undefined) return [];
  for (const back of child.links) {
    if (
      back.type === "point-to-point" &&
      back.neighbour === root.id &&
      prefixContains(subnet, back.address)
    ) {
      return [{ gateway: back.address, interface: subnet }];
    }
  }
  return [];
}

/** A numbered point-to-point interface is listed twice: as the link, and as a stub for its subnet. */
function interfacePrefix(router: RouterLsa, address: number): Prefix | undefined {
  let longest: Prefix | undefined;
  for (const link of router.links) {
    if (link.type !== "stub" || !prefixContains(link.prefix, address)) continue;
    // A host route or a summary that happens to cover the address is not the interface's subnet.
    const length = link.prefix % 64;
    if (length < 32 && length > (longest ?? 0) % 64) longest = link.prefix;
  }
  return longest;
}

function neighboursOn(network: NetworkLsa, router: RouterLsa, direct: readonly Hop[]): Hop[] {
  const hops: Hop[] = [];
  for (const link of router.links) {
    if (link.type === "transit" && link.designatedRouter === network.id) {
      for (const hop of direct) hops.push({ gateway: link.address, interface: hop.interface });
    }
  }
  return hops;
}
