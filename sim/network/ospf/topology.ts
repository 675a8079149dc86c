/** The physical network: links, their ends, and who hears whom. */
import type { Prefix } from "./address.ts";
import { parseAddress, parsePrefix, prefixContains } from "./address.ts";
import type { LinkConfig, OspfConfig } from "./config.ts";
import { interfaceCost } from "./cost.ts";

const NS_PER_SECOND = 1_000_000_000;

/** One router's end of a link: its OSPF interface. */
export interface LinkEnd {
  /** Among all ends of the network. */
  readonly index: number;
  /** Index of the router in the configuration. */
  readonly router: number;
  readonly routerId: number;
  readonly address: number;
  readonly priority: number;
  cost: number;
  /** The machine has power, and so its neighbours a carrier. */
  powered: boolean;
  /** Its OSPF process runs. */
  running: boolean;
  /** "silent": a switch port swallows everything, though the interface sees a carrier. */
  cable: "connected" | "cut" | "silent";
  /** The interface is up, as far as its router knows. */
  up: boolean;
  /** Router ids of its designated router and backup, 0 for none; broadcast only. */
  designated: number;
  backup: number;
  /** A new interface listens until then before it elects, lest it unseat who is in office; 0: no. */
  waitingUntilNs: number;
}

/** Two ends of one link that may be neighbours; a and b are indices of ends, a < b. */
export interface Pair {
  readonly a: number;
  readonly b: number;
  /** Packets get through, both ways. */
  heard: boolean;
  /** Whether an end holds the other for a neighbour, which lags behind `heard`. */
  aSeesB: boolean;
  bSeesA: boolean;
  /** Counts changes of `heard`: a timer that was set before the last one is void. */
  generation: number;
}

export interface Link {
  readonly index: number;
  readonly name: string;
  readonly broadcast: boolean;
  readonly prefix: Prefix;
  readonly helloNs: number;
  readonly deadNs: number;
  readonly ends: readonly LinkEnd[];
  readonly pairs: readonly Pair[];
  /** Counts changes of who hears whom, so that each has draws of its own. */
  changes: number;
}

/** Router ids in the order of the configuration. */
export function routerIds(config: OspfConfig): number[] {
  return config.routers.map(({ routerId }, index) =>
    routerId === undefined ? parseAddress("10.255.0.1") + index : parseAddress(routerId),
  );
}

/** All links of a configuration, up and with every pair adjacent. */
export function buildLinks(config: OspfConfig): Link[] {
  const ids = routerIds(config);
  const routerIndex = new Map(config.routers.map((router, index) => [router.name, index]));
  const prefixes = new Set<Prefix>();
  let endCount = 0;
  return config.links.map((linkConfig, index) => {
    const prefix = linkPrefix(linkConfig, index);
    // The subnet is what names a link to a router.
    if (prefixes.has(prefix)) throw new RangeError(`link ${linkConfig.name}: subnet used twice`);
    prefixes.add(prefix);
    const ends = linkConfig.ends.map((end, position): LinkEnd => {
      const address =
        end.address === undefined
          ? Math.floor(prefix / 64) + 1 + position
          : parseAddress(end.address);
      if (!prefixContains(prefix, address)) {
        throw new RangeError(`link ${linkConfig.name}: address of ${end.router} not in its subnet`);
      }
      const router = routerIndex.get(end.router)!;
      return {
        index: endCount++,
        router,
        routerId: ids[router],
        address,
        priority: end.priority ?? 1,
        cost: end.cost ?? costByBandwidth(config, linkConfig),
        powered: true,
        running: true,
        cable: "connected",
        up: true,
        designated: 0,
        backup: 0,
        waitingUntilNs: 0,
      };
    });
    const pairs: Pair[] = [];
    for (let b = 1; b < ends.length; b++) {
      for (let a = 0; a < b; a++) {
        const state = { heard: true, aSeesB: true, bSeesA: true, generation: 0 };
        pairs.push({ a, b, ...state });
      }
    }
    const helloSeconds = linkConfig.helloSeconds ?? 10;
    return {
      index,
      name: linkConfig.name,
      broadcast: linkConfig.type === "broadcast",
      prefix,
      helloNs: Math.round(helloSeconds * NS_PER_SECOND),
      deadNs: Math.round((linkConfig.deadSeconds ?? 4 * helloSeconds) * NS_PER_SECOND),
      ends,
      pairs,
      changes: 0,
    };
  });
}

function linkPrefix(link: LinkConfig, index: number): Prefix {
  if (link.prefix !== undefined) return parsePrefix(link.prefix);
  return link.type === "point-to-point"
    ? (parseAddress("172.16.0.0") + index * 4) * 64 + 30
    : (parseAddress("172.24.0.0") + index * 256) * 64 + 24;
}

/** Cost of an end that has none of its own. */
export function costByBandwidth(config: OspfConfig, link: LinkConfig): number {
  return interfaceCost(
    config.costRule ?? "frr",
    config.referenceBandwidthMbit ?? 100,
    link.bandwidthMbit,
  );
}

/** True if packets get from either of two ends to the other, now. */
export function connects(link: Link, from: number, to: number): boolean {
  const a = link.ends[from];
  const b = link.ends[to];
  return a.cable === "connected" && b.cable === "connected" && a.powered && b.powered;
}

/** True if that end's interface gets a carrier: from its switch, or from the other end. */
export function hasCarrier(link: Link, end: number): boolean {
  if (link.broadcast) return link.ends[end].cable !== "cut";
  return link.ends.every(({ cable, powered }) => cable !== "cut" && powered);
}

/** Indices of the ends that end `from` holds for its neighbours, ascending as the pairs are. */
export function neighboursOf(link: Link, from: number): number[] {
  const neighbours: number[] = [];
  for (const pair of link.pairs) {
    if (pair.a === from && pair.aSeesB) neighbours.push(pair.b);
    if (pair.b === from && pair.bSeesA) neighbours.push(pair.a);
  }
  return neighbours;
}
