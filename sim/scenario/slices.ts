/** How a scenario's sale is spread over its servers. */
import { deathsSurvived, slices } from "../../core/quota.ts";
import type { Scenario } from "./schema.ts";

/** Each server's share of the traffic, which nginx and the slices follow. */
export function weightsOf({ servers }: Scenario): readonly number[] {
  return servers.weights ?? Array.from({ length: servers.count }, () => 1);
}

/** Tickets in each server's slice. */
export function slicesOf(scenario: Scenario): readonly number[] {
  return slices(scenario.sale.tickets, weightsOf(scenario));
}

/** Servers that may die unrefilled; -1: the slices and buffers do not cover the sale at all. */
export function deathsCovered(scenario: Scenario): number {
  return deathsSurvived(scenario.sale.tickets, slicesOf(scenario), scenario.servers.buffer);
}
