import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatAddress, formatPrefix, parseAddress, parsePrefix } from "./address.ts";
import type { Lsa, RouterLink } from "./lsa.ts";
import { LinkStateDatabase } from "./lsa.ts";
import { connectedPrefixes, kernelRoutes, ospfRoutes } from "./routes.ts";

function databaseOf(...lsas: Lsa[]): LinkStateDatabase {
  const database = new LinkStateDatabase();
  for (const lsa of lsas) database.install(lsa, 0);
  return database;
}

const router = (id: number, ...links: RouterLink[]): Lsa => {
  return { type: "router", id, sequence: 1, links };
};

const stub = (prefix: string, metric: number): RouterLink => {
  return { type: "stub", prefix: parsePrefix(prefix), metric };
};

/** One end of link n, 10.0.n.0/30: the link and its subnet. */
const link = (neighbour: number, n: number, side: number, metric: number): RouterLink[] => [
  { type: "point-to-point", neighbour, address: parseAddress(`10.0.${n}.${side}`), metric },
  stub(`10.0.${n}.0/30`, metric),
];

const transit = (designated: string, address: string, metric: number): RouterLink => ({
  type: "transit",
  designatedRouter: parseAddress(designated),
  address: parseAddress(address),
  metric,
});

function show(database: LinkStateDatabase, rootId: number): Record<string, string> {
  const routes = [...ospfRoutes(database, rootId)].map(([prefix, { cost, hops }]) => [
    formatPrefix(prefix),
    `${cost} ${hops.map((hop) => (hop.gateway === 0 ? "direct" : formatAddress(hop.gateway))).join(" ")}`,
  ]);
  return Object.fromEntries(routes);
}

describe("the SPF run", () => {
  test("knows nothing without an LSA of its own", () => {
    expect(show(databaseOf(), 1)).toEqual({});
  });

  test("a link counts only if both ends list it", () => {
    const target = stub("10.9.0.0/24", 1);
    const oneWay = databaseOf(router(1, ...link(2, 1, 1, 10)), router(2, target));
    expect(show(oneWay, 1)).not.toHaveProperty("10.9.0.0/24");
    const bothWays = databaseOf(
      router(1, ...link(2, 1, 1, 10)),
      router(2, ...link(1, 1, 2, 7), target),
    );
    expect(show(bothWays, 1)).toHaveProperty("10.9.0.0/24", "11 10.0.1.2");
  });

  test("a link beyond the first router counts only if both ends list it", () => {
    const root = router(1, ...link(2, 1, 1, 10));
    const middle = router(2, ...link(1, 1, 2, 10), ...link(3, 2, 1, 10));
    const target = stub("10.9.0.0/24", 1);
    expect(show(databaseOf(root, middle, router(3, target)), 1)).not.toHaveProperty("10.9.0.0/24");
    const back = router(3, ...link(2, 2, 2, 10), target);
    expect(show(databaseOf(root, middle, back), 1)).toHaveProperty("10.9.0.0/24", "21 10.0.1.2");
  });

  test("a network counts only with a router that it lists and that lists it", () => {
    const network: Lsa = {
      type: "network",
      id: parseAddress("10.8.0.1"),
      sequence: 1,
      prefixLength: 24,
      attached: [1, 2],
    };
    const toNetwork = transit("10.8.0.1", "10.8.0.1", 4);
    const target = stub("10.9.0.0/24", 1);
    const gone = databaseOf(router(1, toNetwork), router(2, target), network);
    expect(show(gone, 1)).toEqual({ "10.8.0.0/24": "4 direct" });
    const there = databaseOf(
      router(1, toNetwork),
      router(2, transit("10.8.0.1", "10.8.0.2", 9), target),
      network,
    );
    // The second router's own cost of 9 is for its way out, not for ours in.
    expect(show(there, 1)).toEqual({ "10.8.0.0/24": "4 direct", "10.9.0.0/24": "5 10.8.0.2" });
  });

  test("a prefix at several routers is reached at the nearest, or at all that are equally near", () => {
    const vip = stub("10.100.0.1/32", 0);
    const near = router(1, ...link(2, 1, 1, 10), ...link(3, 2, 1, 10));
    const database = databaseOf(
      near,
      router(2, ...link(1, 1, 2, 1), vip),
      router(3, ...link(1, 2, 2, 1), vip),
    );
    expect(show(database, 1)).toHaveProperty("10.100.0.1/32", "10 10.0.1.2 10.0.2.2");
    const farther = databaseOf(
      router(1, ...link(2, 1, 1, 11), ...link(3, 2, 1, 10)),
      router(2, ...link(1, 1, 2, 1), vip),
      router(3, ...link(1, 2, 2, 1), vip),
    );
    expect(show(farther, 1)).toHaveProperty("10.100.0.1/32", "10 10.0.2.2");
  });

  test("the kernel gets the lowest gateways, and never a network of the router's own", () => {
    const links = [4, 2, 9, 1].flatMap((n) => link(2, n, 1, 10));
    const back = [4, 2, 9, 1].flatMap((n) => link(1, n, 2, 1));
    const database = databaseOf(router(1, ...links), router(2, ...back, stub("10.9.0.0/24", 0)));
    const kernel = kernelRoutes(ospfRoutes(database, 1), connectedPrefixes(database, 1), 3);
    const shown = [...kernel].map(([prefix, hops]) => [
      formatPrefix(prefix),
      ...hops.map((hop) => formatAddress(hop.gateway)),
    ]);
    expect(shown).toEqual([["10.9.0.0/24", "10.0.1.2", "10.0.2.2", "10.0.4.2"]]);
  });
});

/** Distances by relaxing every link until nothing changes. */
function bellmanFord(
  count: number,
  links: readonly (readonly [number, number, number])[],
): number[] {
  const distances = Array.from({ length: count }, (_, i) => (i === 0 ? 0 : Infinity));
  for (let round = 0; round < count; round++) {
    for (const [from, to, cost] of links) {
      distances[to] = Math.min(distances[to], distances[from] + cost);
    }
  }
  return distances;
}

test("distances and first hops in random asymmetric meshes are the shortest", () => {
  const end = fc.nat({ max: 6 });
  const cost = fc.integer({ min: 1, max: 4 });
  fc.assert(
    fc.property(fc.array(fc.tuple(end, end, cost, cost), { maxLength: 14 }), (drawn) => {
      const pairs = drawn.filter(([a, b]) => a !== b);
      const links: RouterLink[][] = Array.from({ length: 7 }, (_, i) => [
        stub(`10.9.${i}.0/24`, 1),
      ]);
      const arcs = pairs.flatMap(([a, b, there, back], n) => {
        links[a].push(...link(b + 1, n + 1, 1, there));
        links[b].push(...link(a + 1, n + 1, 2, back));
        return [[a, b, there] as const, [b, a, back] as const];
      });
      const routes = show(databaseOf(...links.map((each, i) => router(i + 1, ...each))), 1);
      const distances = bellmanFord(7, arcs);
      for (let i = 1; i < 7; i++) {
        const [shownCost, ...gateways] = (routes[`10.9.${i}.0/24`] ?? "").split(" ");
        expect(shownCost === "" ? Infinity : Number(shownCost)).toBe(distances[i] + 1);
        // A first hop is right if the rest of the way from there is as short as it must be.
        const expected = pairs.flatMap(([a, b, there, back], n) => {
          if (a === 0 && there + bellmanFordFrom(b, arcs)[i] === distances[i])
            return [`10.0.${n + 1}.2`];
          if (b === 0 && back + bellmanFordFrom(a, arcs)[i] === distances[i])
            return [`10.0.${n + 1}.1`];
          return [];
        });
        if (distances[i] < Infinity) expect(gateways).toEqual(expected);
      }
    }),
    { numRuns: 200 },
  );
});

/** Distances from router `from`, by renaming it to 0. */
function bellmanFordFrom(
  from: number,
  arcs: readonly (readonly [number, number, number])[],
): number[] {
  const rename = (i: number) => (i === from ? 0 : i === 0 ? from : i);
  const distances = bellmanFord(
    7,
    arcs.map(([a, b, cost]) => [rename(a), rename(b), cost] as const),
  );
  return distances.map((_, i) => distances[rename(i)]);
}
