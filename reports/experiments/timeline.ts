/**
 * A sale watched from outside, between its events: what the stations hold and have done, in bins of
 * 10 ms, from the opening until the crowd has gone. After that only the ends of things matter.
 */
import type { Simulation } from "../../sim/simulation.ts";
import type { HistogramBucket } from "../../sim/kernel/histogram.ts";
import type { Latencies } from "../../sim/world/gauges.ts";

export const BIN_MS = 10;
/** Kernel events between two looks: a fraction of a bin while the crowd is there. */
const EVENTS_PER_LOOK = 256;
const EVENTS_PER_TURN = 100_000;
const BINS_MAX = 6000;

export interface Timeline {
  /** One value per bin of BIN_MS. Counts are of the bin, depths the greatest in it. */
  readonly ticketsTaken: readonly number[];
  readonly redisCalls: readonly number[];
  readonly redisBusyMs: readonly number[];
  readonly inNginx: readonly number[];
  readonly inServers: readonly number[];
  readonly inRedis: readonly number[];
  readonly inOrderDatabase: readonly number[];
}

/** How far winners' and sold-out latencies had come, by the end of each of a few long bins. */
export interface LatencySnapshot {
  readonly atMs: number;
  readonly winner: readonly HistogramBucket[];
  readonly soldOut: readonly HistogramBucket[];
}

export interface Watched {
  readonly timeline: Timeline;
  readonly snapshots: readonly LatencySnapshot[];
  /** Null: never. */
  readonly sellOutMs: number | null;
  readonly ticketsTakenMax: number;
  /** Answers of ticket servers that were sent while buyers arrived. */
  readonly answersWhileArriving: number;
}

export interface WatchOptions {
  readonly tickets: number;
  /** How long buyers arrive. */
  readonly arrivalsMs: number;
  /** How long to look closely. */
  readonly crowdMs: number;
  /** Distance of latency snapshots; null: none. */
  readonly snapshotMs: number | null;
}

/** Runs the sale to its end. */
export function watch(
  simulation: Simulation,
  { tickets, arrivalsMs, crowdMs, snapshotMs }: WatchOptions,
): Watched {
  const bins = Math.min(BINS_MAX, Math.ceil(crowdMs / BIN_MS));
  const empty = (): number[] => Array.from({ length: bins }, () => 0);
  const timeline = {
    ticketsTaken: empty(),
    redisCalls: empty(),
    redisBusyMs: empty(),
    inNginx: empty(),
    inServers: empty(),
    inRedis: empty(),
    inOrderDatabase: empty(),
  };
  const snapshots: LatencySnapshot[] = [];
  let sellOutMs: number | null = null;
  let ticketsTakenMax = 0;
  let answersWhileArriving = 0;
  let calls = 0;
  let busyMs = 0;
  let filled = 0;
  const latencies = simulation.latencies();
  for (let done = false; !done;) {
    const close = filled < bins;
    done = simulation.advance(close || sellOutMs === null ? EVENTS_PER_LOOK : EVENTS_PER_TURN);
    const gauges = simulation.gauges();
    // Between two looks tickets may have come back.
    const taken = gauges.soldOutMs === null ? gauges.ticketsTaken : tickets;
    ticketsTakenMax = Math.max(ticketsTakenMax, taken);
    sellOutMs = gauges.soldOutMs;
    if (gauges.nowMs <= arrivalsMs) answersWhileArriving = answersOf(latencies);
    if (!close) continue;
    const bin = Math.floor(gauges.nowMs / BIN_MS);
    // A quiet time spans several bins: stock stays as it was.
    while (filled < Math.min(bin, bins)) {
      filled += 1;
      if (filled < bins) timeline.ticketsTaken[filled] = timeline.ticketsTaken[filled - 1];
    }
    if (snapshotMs !== null && gauges.nowMs >= (snapshots.length + 1) * snapshotMs)
      snapshots.push(snapshotOf(simulation, (snapshots.length + 1) * snapshotMs));
    if (bin >= bins) continue;
    timeline.ticketsTaken[bin] = gauges.ticketsTaken;
    timeline.redisCalls[bin] += gauges.redisCalls - calls;
    timeline.redisBusyMs[bin] += gauges.redisBusyMs - busyMs;
    calls = gauges.redisCalls;
    busyMs = gauges.redisBusyMs;
    timeline.inNginx[bin] = Math.max(timeline.inNginx[bin], gauges.inNginx);
    timeline.inServers[bin] = Math.max(timeline.inServers[bin], gauges.inServers);
    timeline.inRedis[bin] = Math.max(timeline.inRedis[bin], gauges.inRedis);
    timeline.inOrderDatabase[bin] = Math.max(timeline.inOrderDatabase[bin], gauges.inOrderDatabase);
  }
  return { timeline, snapshots, sellOutMs, ticketsTakenMax, answersWhileArriving };
}

/** Answers of ticket servers so far: whatever a buyer was told but an error. */
export function answersOf({ ACK, SOLDOUT, TRYAGAIN, USERLIMIT }: Latencies): number {
  return ACK.count + SOLDOUT.count + TRYAGAIN.count + USERLIMIT.count;
}

function snapshotOf(simulation: Simulation, atMs: number): LatencySnapshot {
  const latencies = simulation.latencies();
  return { atMs, winner: latencies.ACK.buckets(), soldOut: latencies.SOLDOUT.buckets() };
}
