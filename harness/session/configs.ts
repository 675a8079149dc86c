/** What each process of a run is told, from the scenario: the same as in the simulator. */
import { slices } from "../../core/quota.ts";
import type { WorkerConfig } from "../../core/orders/worker.ts";
import type { ServerConfig } from "../../core/strategy.ts";
import type { Scenario } from "../../sim/scenario/schema.ts";
import { retainMs } from "../../sim/world/retention.ts";
import type { Topology } from "../../sim/world/topology.ts";

/** Nothing moves the epoch: that is a recovery's business. */
export const EPOCH = 1;

export interface SaleOfRun {
  readonly saleId: string;
  readonly scenario: Scenario;
  readonly topology: Topology;
}

export function serverConfig(
  { saleId, scenario, topology }: SaleOfRun,
  server: number,
  incarnation: number,
): ServerConfig {
  const { sale, rules, quota, servers } = scenario;
  return {
    name: topology.servers[server],
    incarnation,
    slice: slices(sale.tickets, weightsOf({ scenario, topology }))[server],
    buffer: servers.buffer,
    epoch: EPOCH,
    sale: {
      saleId,
      tickets: sale.tickets,
      holdMs: sale.holdMs,
      graceMs: sale.graceMs,
      maxPerBuyer: sale.maxPerBuyer,
      latePayment: sale.latePayment,
      retainMs: retainMs(scenario),
    },
    rules: { refill: quota.refill, ...rules },
  };
}

export function workerConfig({ scenario, topology }: SaleOfRun, worker: number): WorkerConfig {
  const { orders, sale, rules } = scenario;
  return {
    name: topology.workers[worker],
    epoch: EPOCH,
    graceMs: sale.graceMs,
    retainMs: retainMs(scenario),
    batchMax: orders.batchMax,
    pollMs: orders.pollMs,
    claimIdleMs: orders.claimIdleMs,
    sweepMs: orders.sweepMs,
    sweepLimit: orders.sweepLimit,
    callTimeoutMs: rules.callTimeoutMs,
  };
}

/** Each server's share of the traffic, which nginx and the slices follow. */
export function weightsOf({ scenario, topology }: Omit<SaleOfRun, "saleId">): readonly number[] {
  return scenario.servers.weights ?? topology.servers.map(() => 1);
}
