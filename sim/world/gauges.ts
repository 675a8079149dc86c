/** What the stations hold and have done so far: read from outside between events, as often as wanted. */
import type { Histogram } from "../kernel/histogram.ts";
import type { Machines } from "./machines.ts";
import { ANSWERS } from "./requests.ts";
import type { AnswerName } from "./requests.ts";

export interface Gauges {
  readonly nowMs: number;
  /** Held or paid. */
  readonly ticketsTaken: number;
  readonly ticketsConfirmed: number;
  /** Requests (calls, transactions) at each tier, in service included. */
  readonly inServers: number;
  readonly inRedis: number;
  readonly inOrderDatabase: number;
  /** Calls that Redis has let in so far, and for how long it has worked. */
  readonly redisCalls: number;
  readonly redisBusyMs: number;
}

export function readGauges(machines: Machines): Gauges {
  const { world, servers, redis, database } = machines;
  const { held, confirmed } = machines.stock();
  return {
    nowMs: world.nowMs,
    ticketsTaken: held + confirmed,
    ticketsConfirmed: confirmed,
    inServers: servers.meter.present,
    inRedis: redis.meter.present,
    inOrderDatabase: database.meter.present,
    redisCalls: redis.meter.arrivals,
    redisBusyMs: redis.counts.busyMs,
  };
}

/** Latencies so far, by answer; live, not a copy. */
export type Latencies = Readonly<Record<AnswerName, Histogram>>;

export function latenciesOf({ buyers }: Machines): Latencies {
  return Object.fromEntries(ANSWERS.map((name, i) => [name, buyers.latencies[i]])) as Latencies;
}
