/** What each process of a sale is told, from the scenario: in the simulator and on real parts. */
import type { WorkerConfig } from "../../core/orders/worker.ts";
import type { ServerConfig } from "../../core/strategy.ts";
import type { Scenario } from "../scenario/schema.ts";

/** Nothing moves the epoch: that is a recovery's business. */
export const EPOCH = 1;

/** Rows outlive every request that may still name them. */
function retainMs({ rules, sale, buyers }: Scenario): number {
  return Math.ceil(
    rules.requestLifetimeMs + sale.holdMs + sale.graceMs + buyers.timeoutMs + 3_600_000,
  );
}

/** What the scenario does not say of one server. */
type Server = Pick<ServerConfig, "name" | "incarnation" | "slice">;

export function serverConfig(scenario: Scenario, saleId: string, server: Server): ServerConfig {
  const { sale, rules, quota, servers } = scenario;
  return {
    name: server.name,
    incarnation: server.incarnation,
    slice: server.slice,
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

export function workerConfig(scenario: Scenario, name: string): WorkerConfig {
  const { orders, sale, rules } = scenario;
  return {
    name,
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
