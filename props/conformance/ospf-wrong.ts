/** OSPF models that are wrong on purpose, each by one step replaced or given wrong input. */
import { interfaceCost } from "../../sim/network/ospf/cost.ts";
import type { RouterLink, RouterLsa } from "../../sim/network/ospf/lsa.ts";
import { LinkStateDatabase } from "../../sim/network/ospf/lsa.ts";
import type { RouteTable } from "../../sim/network/ospf/routes.ts";
import { kernelRoutes, ospfRoutes } from "../../sim/network/ospf/routes.ts";
import type { WrongVariant } from "./adapter.ts";
import type { OspfModel } from "./ospf-model.ts";

export const wrongVariants: readonly WrongVariant[] = [
  wrong("truncated cost", "Cisco's rule: 100/6 is 16, where FRR rounds it to 17.", {
    cost: (reference, bandwidth) => interfaceCost("cisco", reference, bandwidth),
  }),
  wrong("cost beyond 16 bits", "The metric field holds 65535 at most.", {
    cost: (reference, bandwidth) => Math.max(1, Math.floor(reference / bandwidth + 0.5)),
  }),
  wrong("free links", "Without the minimum, a link faster than twice the reference costs 0.", {
    cost: (reference, bandwidth) => Math.min(65535, Math.floor(reference / bandwidth + 0.5)),
  }),
  wrong("free stub prefixes", "A stub costs its metric on top of the way to its router.", {
    routes: onLinks((link) => (link.type === "stub" ? [{ ...link, metric: 0 }] : [link])),
  }),
  wrong("one hop costs one", "Distance is a sum of costs, not a count of routers.", {
    routes: onLinks((link) => [{ ...link, metric: 1 }]),
  }),
  wrong(
    "cost of arriving",
    "The cost is that of the end that sends, not of the one that receives.",
    {
      routes: (database, rootId) => ospfRoutes(withReversedCosts(database), rootId),
    },
  ),
  wrong("cost of leaving a network", "From a network to its routers is free.", {
    routes: (database, rootId) => ospfRoutes(withNetworksPaidTwice(database), rootId),
  }),
  wrong("parallel links merged", "Each parallel link is a next hop of its own.", {
    routes: (database, rootId) => ospfRoutes(withSingleLinks(database), rootId),
  }),
  wrong("networks without routes", "A transit network is a destination too.", {
    routes: (database, rootId) => {
      const table = ospfRoutes(database, rootId);
      for (const lsa of database.all()) {
        if (lsa.type === "network") deleteNetwork(table, lsa.id);
      }
      return table;
    },
  }),
  wrong("one next hop", "Equal costs mean several next hops, not the first one found.", {
    routes: (database, rootId) => {
      const table = ospfRoutes(database, rootId);
      for (const route of table.values()) route.hops.splice(1);
      return table;
    },
  }),
  wrong("own network never shared", "A detour as cheap as the own interface is a next hop too.", {
    routes: (database, rootId) => {
      const table = ospfRoutes(database, rootId);
      for (const route of table.values()) {
        if (route.hops[0].gateway === 0) route.hops.splice(1);
      }
      return table;
    },
  }),
  wrong("connected networks in the kernel", "A connected network beats the route of a protocol.", {
    kernel: (table, _connected, maximumPaths) => kernelRoutes(table, new Set(), maximumPaths),
  }),
  wrong("highest gateway first", "The kernel's order is ascending by gateway.", {
    kernel: (table, connected, maximumPaths) => {
      const kernel = kernelRoutes(table, connected, maximumPaths);
      return new Map([...kernel].map(([prefix, hops]) => [prefix, hops.toReversed()]));
    },
  }),
  wrong("four paths", "Cisco's default limit; the recorded routers were set to 16 or not at all.", {
    kernel: (table, connected) => kernelRoutes(table, connected, 4),
  }),
];

function wrong(name: string, why: string, model: Partial<OspfModel>): WrongVariant {
  return { name, why, model };
}

function onLinks(change: (link: RouterLink) => RouterLink[]): OspfModel["routes"] {
  return (database, rootId) =>
    ospfRoutes(
      withRouters(database, (lsa) => ({ ...lsa, links: lsa.links.flatMap(change) })),
      rootId,
    );
}

function withRouters(
  database: LinkStateDatabase,
  change: (lsa: RouterLsa) => RouterLsa,
): LinkStateDatabase {
  const changed = new LinkStateDatabase();
  for (const lsa of database.all()) {
    changed.install(lsa.type === "router" ? change(lsa) : lsa, 0);
  }
  return changed;
}

/** Each point-to-point link gets the metric of the other end's link in the same subnet of four. */
function withReversedCosts(database: LinkStateDatabase): LinkStateDatabase {
  return withRouters(database, (lsa) => ({
    ...lsa,
    links: lsa.links.map((link) => {
      if (link.type !== "point-to-point") return link;
      const back = database
        .router(link.neighbour)
        ?.links.find(
          (other) => other.type === "point-to-point" && other.address >>> 2 === link.address >>> 2,
        );
      return { ...link, metric: back?.metric ?? link.metric };
    }),
  }));
}

/** A way over a network costs what goes in and what comes out: twice, if the costs are alike. */
function withNetworksPaidTwice(database: LinkStateDatabase): LinkStateDatabase {
  return withRouters(database, (lsa) => ({
    ...lsa,
    links: lsa.links.map((link) =>
      link.type === "transit" ? { ...link, metric: 2 * link.metric } : link,
    ),
  }));
}

function withSingleLinks(database: LinkStateDatabase): LinkStateDatabase {
  return withRouters(database, (lsa) => {
    const seen = new Set<number>();
    const links = lsa.links.filter((link) => {
      if (link.type !== "point-to-point") return true;
      const first = !seen.has(link.neighbour);
      seen.add(link.neighbour);
      return first;
    });
    return { ...lsa, links };
  });
}

function deleteNetwork(table: RouteTable, address: number): void {
  for (const prefix of table.keys()) {
    const length = prefix % 64;
    const network = Math.floor(prefix / 64);
    if (address >= network && address < network + 2 ** (32 - length)) table.delete(prefix);
  }
}
