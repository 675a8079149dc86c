/** Which machines there are for a fault to hit, and what they are called. */
import type { Topology } from "../world/topology.ts";
import { FAULT_TARGETS } from "./vocabulary.ts";
import type { FaultKind } from "./vocabulary.ts";

/** Names of everything a fault of this kind can hit, by target number; null: it has no target. */
export function targetNames(kind: FaultKind, topology: Topology): readonly string[] | null {
  switch (FAULT_TARGETS[kind]) {
    case "server":
      return topology.servers;
    case "nginx":
      return topology.nginx;
    case "director":
      return topology.directors;
    case "router":
      return topology.routers;
    case "link":
      return topology.links;
    case "site":
      return topology.sites;
    case "worker":
      return topology.workers;
    default:
      return null;
  }
}
