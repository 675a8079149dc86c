/** What of the simulator's OSPF the recordings of FRR can check. */
import type { Prefix } from "../../sim/network/ospf/address.ts";
import { interfaceCost } from "../../sim/network/ospf/cost.ts";
import type { LinkStateDatabase } from "../../sim/network/ospf/lsa.ts";
import type { RouteTable } from "../../sim/network/ospf/routes.ts";
import { kernelRoutes, ospfRoutes } from "../../sim/network/ospf/routes.ts";
import type { Hop } from "../../sim/network/ospf/spf.ts";

/** The three steps from bandwidth to forwarding. */
export interface OspfModel {
  cost(referenceBandwidthMbit: number, bandwidthMbit: number): number;
  routes(database: LinkStateDatabase, rootId: number): RouteTable;
  kernel(
    table: RouteTable,
    connected: ReadonlySet<Prefix>,
    maximumPaths: number,
  ): Map<Prefix, readonly Hop[]>;
}

export const frrModel: OspfModel = {
  cost: (reference, bandwidth) => interfaceCost("frr", reference, bandwidth),
  routes: ospfRoutes,
  kernel: kernelRoutes,
};
