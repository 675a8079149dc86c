/** Reads the recordings of FRR's ospfd: `show` output of a whole network, as JSON. */
import type { Prefix } from "../../sim/network/ospf/address.ts";
import {
  formatAddress,
  formatPrefix,
  parseAddress,
  parseMaskLength,
  parsePrefix,
  prefixOf,
} from "../../sim/network/ospf/address.ts";
import type { Lsa, RouterLink } from "../../sim/network/ospf/lsa.ts";
import { LinkStateDatabase } from "../../sim/network/ospf/lsa.ts";
import { UnknownShape } from "./adapter.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** What one router showed at one moment. */
export interface Snapshot {
  /** Path of the object in its scenario, such as "routers.A". */
  readonly where: string;
  readonly router: string;
  readonly rootId: number;
  readonly database: LinkStateDatabase;
  /** As recorded; either may be missing. */
  readonly ospfRoutes: Fields | undefined;
  readonly kernelRoutes: Fields | undefined;
}

const SNAPSHOT_FIELDS = new Set([
  "router_id",
  "lsdb",
  "ospf_routes",
  "kernel_routes",
  "interfaces",
]);

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** All objects in the scenario that have an `lsdb`, wherever they are. */
export function readSnapshots(scenario: Fields): Snapshot[] {
  const found: { where: string; router: string; fields: Fields }[] = [];
  collect(scenario, [], found);
  const rootIds = new Map<string, number>();
  for (const { router, fields } of found) {
    if (fields["router_id"] !== undefined) rootIds.set(router, address(fields, "router_id"));
  }
  return found.map(({ where, router, fields }) => {
    for (const name of Object.keys(fields)) {
      if (!SNAPSHOT_FIELDS.has(name)) throw new UnknownShape(`${where}: field "${name}"`);
    }
    // Later snapshots of a router leave its id out.
    const rootId = rootIds.get(router);
    if (rootId === undefined) throw new UnknownShape(`${where}: no router_id known`);
    return {
      where,
      router,
      rootId,
      database: readDatabase(fields["lsdb"], where),
      ospfRoutes: optionalFields(fields, "ospf_routes", where),
      kernelRoutes: optionalFields(fields, "kernel_routes", where),
    };
  });
}

function collect(
  value: unknown,
  path: readonly string[],
  found: { where: string; router: string; fields: Fields }[],
): void {
  if (typeof value !== "object" || value === null) return;
  if (isFields(value) && "lsdb" in value) {
    found.push({ where: path.join("."), router: path.at(-1) ?? "", fields: value });
    return;
  }
  for (const [key, child] of Object.entries(value)) collect(child, [...path, key], found);
}

function readDatabase(lsdb: unknown, where: string): LinkStateDatabase {
  if (!Array.isArray(lsdb)) throw new UnknownShape(`${where}: lsdb is not a list`);
  const database = new LinkStateDatabase();
  for (const lsa of lsdb) database.install(readLsa(lsa, where), 0);
  return database;
}

function readLsa(lsa: unknown, where: string): Lsa {
  if (!isFields(lsa)) throw new UnknownShape(`${where}: an LSA is not an object`);
  const id = address(lsa, "id");
  if (lsa["type"] === "router" && Array.isArray(lsa["links"])) {
    return { type: "router", id, sequence: 1, links: lsa["links"].map((l) => readLink(l, where)) };
  }
  if (lsa["type"] === "network" && Array.isArray(lsa["attached"])) {
    const attached = lsa["attached"].map((router) => parseAddress(String(router)));
    return { type: "network", id, sequence: 1, prefixLength: number(lsa, "mask"), attached };
  }
  throw new UnknownShape(`${where}: LSA ${JSON.stringify(lsa).slice(0, 80)}`);
}

function readLink(link: unknown, where: string): RouterLink {
  if (!isFields(link)) throw new UnknownShape(`${where}: a link is not an object`);
  const metric = number(link, "tos0Metric");
  switch (link["linkType"]) {
    case "another Router (point-to-point)":
      return {
        type: "point-to-point",
        neighbour: address(link, "neighborRouterId"),
        address: address(link, "routerInterfaceAddress"),
        metric,
      };
    case "a Transit Network":
      return {
        type: "transit",
        designatedRouter: address(link, "designatedRouterAddress"),
        address: address(link, "routerInterfaceAddress"),
        metric,
      };
    case "Stub Network": {
      const length = parseMaskLength(String(link["networkMask"]));
      return { type: "stub", prefix: prefixOf(address(link, "networkAddress"), length), metric };
    }
    default:
      throw new UnknownShape(`${where}: link type ${JSON.stringify(link["linkType"])}`);
  }
}

/** One next hop as the routers show it. */
export interface ShownHop {
  /** Dotted, or "" for a network of the router's own. */
  readonly gateway: string;
  readonly interface: string;
}

/**
 * Names of a router's interfaces by their prefix, learnt from the routes to its own networks: the
 * database knows addresses only. An interface that is the first hop to anywhere has such a route,
 * since no detour to its network can be cheaper than itself.
 */
export function interfaceNames(
  snapshots: readonly Snapshot[],
  router: string,
): Map<Prefix, string> {
  const names = new Map<Prefix, string>();
  for (const snapshot of snapshots) {
    if (snapshot.router !== router) continue;
    for (const [prefix, route] of Object.entries(snapshot.ospfRoutes ?? {})) {
      for (const hop of readOspfRoute(route, snapshot.where).hops) {
        if (hop.gateway === "") names.set(parsePrefix(prefix), hop.interface);
      }
    }
  }
  return names;
}

/** `{cost, type, nexthops: [[gateway, interface], ...]}`. */
export function readOspfRoute(route: unknown, where: string): { cost: number; hops: ShownHop[] } {
  if (!isFields(route) || route["type"] !== "N" || !Array.isArray(route["nexthops"])) {
    throw new UnknownShape(`${where}: OSPF route ${JSON.stringify(route)}`);
  }
  const hops = route["nexthops"].map((hop: unknown) => readHop(hop, where));
  return { cost: number(route, "cost"), hops };
}

/** `[[gateway, interface, weight], ...]`; OSPF's ways are equal, so every weight is 1. */
export function readKernelRoute(route: unknown, where: string): ShownHop[] {
  if (!Array.isArray(route)) {
    throw new UnknownShape(`${where}: kernel route ${JSON.stringify(route)}`);
  }
  return route.map((hop: unknown) => {
    if (Array.isArray(hop) && hop.length > 2 && hop[2] !== 1) {
      throw new UnknownShape(`${where}: weight of ${JSON.stringify(hop)}`);
    }
    return readHop(hop, where);
  });
}

function readHop(hop: unknown, where: string): ShownHop {
  if (!Array.isArray(hop) || typeof hop[0] !== "string" || typeof hop[1] !== "string") {
    throw new UnknownShape(`${where}: next hop ${JSON.stringify(hop)}`);
  }
  return { gateway: hop[0], interface: hop[1] };
}

/** How a hop of the model would be shown. */
export function showHop(
  hop: { readonly gateway: number; readonly interface: Prefix },
  names: ReadonlyMap<Prefix, string>,
): ShownHop {
  return {
    gateway: hop.gateway === 0 ? "" : formatAddress(hop.gateway),
    interface: names.get(hop.interface) ?? formatPrefix(hop.interface),
  };
}

export function optionalFields(fields: Fields, name: string, where: string): Fields | undefined {
  const value = fields[name];
  if (value === undefined || isFields(value)) return value;
  throw new UnknownShape(`${where}: ${name} is not an object`);
}

export function number(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== "number") throw new UnknownShape(`${name} is not a number`);
  return value;
}

function address(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== "string") throw new UnknownShape(`${name} is not an address`);
  return parseAddress(value);
}
