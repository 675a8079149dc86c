/** What the stations hold and have done so far: read from outside between events, by one reader. */
import type { Histogram } from "../kernel/histogram.ts";
import type { Machines } from "./machines.ts";
import { ANSWERS } from "./requests.ts";
import type { AnswerName } from "./requests.ts";
import { NS_PER_MS } from "./world.ts";

export interface Gauges {
  readonly nowMs: number;
  /** Held or paid, as far as Redis has ended the pass in which they were taken. */
  readonly ticketsTaken: number;
  readonly ticketsConfirmed: number;
  /** When all tickets were taken for the first time; null: not yet. */
  readonly soldOutMs: number | null;
  /** The most requests (calls, transactions) at each tier at once since the last look, in service included. */
  readonly inNginx: number;
  readonly inServers: number;
  readonly inRedis: number;
  readonly inOrderDatabase: number;
  /** Calls that Redis has let in so far, and for how long it has worked. */
  readonly redisCalls: number;
  readonly redisBusyMs: number;
}

export function readGauges(machines: Machines): Gauges {
  const { world, proxies, servers, redis, database } = machines;
  const { held, confirmed } = machines.settledStock();
  return {
    nowMs: world.nowMs,
    ticketsTaken: held + confirmed,
    ticketsConfirmed: confirmed,
    soldOutMs: machines.soldOutNs === null ? null : machines.soldOutNs / NS_PER_MS,
    inNginx: proxies.meter.takePeak(world.nowNs),
    inServers: servers.meter.takePeak(world.nowNs),
    inRedis: redis.meter.takePeak(world.nowNs),
    inOrderDatabase: database.meter.takePeak(world.nowNs),
    redisCalls: redis.meter.arrivals,
    redisBusyMs: redis.counts.busyMs,
  };
}

/** Latencies so far, by answer; live, not a copy. */
export type Latencies = Readonly<Record<AnswerName, Histogram>>;

export function latenciesOf({ buyers }: Machines): Latencies {
  return Object.fromEntries(ANSWERS.map((name, i) => [name, buyers.latencies[i]])) as Latencies;
}
