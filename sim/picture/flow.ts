/** What links and machines carried in an interval: a second's share of it, or all of it. */
import type { TrafficSample } from "../world/traffic.ts";

export interface Flow {
  readonly fromMs: number;
  readonly toMs: number;
  /** "/s" if the amounts are rates, else empty. */
  readonly per: "/s" | "";
  readonly requests: number;
  readonly lost: number;
  readonly links: readonly number[];
  readonly directors: readonly number[];
  readonly nginx: readonly number[];
  readonly servers: readonly number[];
  readonly counterCalls: number;
  readonly ordersRecorded: number;
}

/** Rates between two samples, which lie apart in time. */
export function rates(from: TrafficSample, to: TrafficSample): Flow {
  return { ...difference(from, to, 1000 / (to.atMs - from.atMs)), per: "/s" };
}

export function totals(from: TrafficSample, to: TrafficSample): Flow {
  return { ...difference(from, to, 1), per: "" };
}

function difference(from: TrafficSample, to: TrafficSample, factor: number): Omit<Flow, "per"> {
  const one = (before: number, after: number): number => (after - before) * factor;
  const each = (before: readonly number[], after: readonly number[]): number[] =>
    after.map((count, i) => one(before[i], count));
  return {
    fromMs: from.atMs,
    toMs: to.atMs,
    requests: one(from.requests, to.requests),
    lost: one(from.lost, to.lost),
    links: each(from.links, to.links),
    directors: each(from.directors, to.directors),
    nginx: each(from.nginx, to.nginx),
    servers: each(from.servers, to.servers),
    counterCalls: one(from.counterCalls, to.counterCalls),
    ordersRecorded: one(from.ordersRecorded, to.ordersRecorded),
  };
}
