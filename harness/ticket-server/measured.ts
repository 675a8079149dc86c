/** A ticket server that is measured by itself: it has the whole sale, and no orders to write. */
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import { checkScenario } from "../../sim/scenario/load.ts";
import { serverConfig } from "../../sim/world/process-configs.ts";
import type { RedisAddress } from "../redis/address.ts";
import type { TicketServerConfig } from "./config.ts";

export interface MeasuredServer {
  readonly name: string;
  readonly saleId: string;
  readonly tickets: number;
  readonly holdMs: number;
  readonly redis: RedisAddress;
  /** For how long a word of the counter is good; absent: as in every scenario. */
  readonly pollMs?: number;
  readonly spinUs?: number;
}

export function measuredServer(measured: MeasuredServer): TicketServerConfig {
  const { name, saleId, tickets, holdMs, redis, pollMs, spinUs = 0 } = measured;
  const scenario = checkScenario(pollMs === undefined ? {} : { rules: { pollMs } }, "measured");
  const server = serverConfig(scenario, saleId, { name, incarnation: 0, slice: tickets });
  return {
    host: "127.0.0.1",
    port: 0,
    server: {
      ...server,
      buffer: 0,
      sale: { ...server.sale, tickets, holdMs, graceMs: 0, maxPerBuyer: 0 },
    },
    strategy: preDeduct.name,
    redis,
    orderStore: null,
    production: false,
    statLog: null,
    calibrationSpinUs: spinUs,
  };
}
