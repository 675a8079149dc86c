/**
 * Which intervals the picture shows: the traffic before the fault that moved most of it, and from
 * the moment when the network had noticed. Without such a fault, the whole rush.
 */
import type { Episode, FaultKind, FaultPlan } from "../faults/vocabulary.ts";
import type { TrafficSample } from "../world/traffic.ts";
import { rates, totals } from "./flow.ts";
import type { Flow } from "./flow.ts";

export interface Intervals {
  /** The fault between the two flows; null: there is one flow. */
  readonly fault: Episode | null;
  readonly flows: readonly Flow[];
  /** How long the fault went unnoticed, and what was lost meanwhile; null: nobody noticed. */
  readonly notice: { readonly withinMs: number; readonly lost: number } | null;
}

/** The most that an interval covers: enough for steady numbers, short enough for one situation. */
const INTERVAL_MS_MAX = 10_000;

/** The least part of the time after a fault that must lie after its notice, to be shown alone. */
const SETTLED_SHARE_LEAST = 0.25;

/** The simulator's clock counts whole nanoseconds, a plan's times may be any fraction. */
const ROUNDING_MS = 1e-6;

/** How much traffic a fault moves, most first, and the counter that tells when it was noticed. */
const CONSEQUENCE: readonly (readonly [
  readonly FaultKind[],
  "routeChanges" | "nginxRemovals" | null,
])[] = [
  [["site-loss"], "routeChanges"],
  [["director-crash", "router-crash", "link-cut", "link-cost"], "routeChanges"],
  [["nginx-crash"], "nginxRemovals"],
  [["server-crash", "server-pause", "server-front-cut"], null],
  [["redis-restart", "redis-stall", "database-stall"], null],
];

/** @param samples At least two, in order of time. */
export function intervalsOf(plan: FaultPlan, samples: readonly TrafficSample[]): Intervals {
  const { buyersArrived } = samples.at(-1)!;
  // Later only returning buyers come, too few to show where traffic goes.
  const rush = samples.slice(
    0,
    samples.findIndex((sample) => sample.buyersArrived === buyersArrived) + 1,
  );
  const start = rush[0];
  const end = rush.at(-1)!;
  for (const [kinds, noticedBy] of CONSEQUENCE) {
    const [fault] = plan.episodes
      .filter(({ kind, atMs }) => kinds.includes(kind) && atMs > start.atMs && atMs < end.atMs)
      .toSorted((a, b) => a.atMs - b.atMs);
    if (fault === undefined) continue;
    const onset = rush.findLastIndex(({ atMs }) => atMs <= fault.atMs + ROUNDING_MS);
    // Among hundreds of faults the sample at this one may be gone.
    if (onset > 0 && onset < rush.length - 1) return around(fault, noticedBy, rush, onset);
  }
  return { fault: null, flows: [totals(start, end)], notice: null };
}

function around(
  fault: Episode,
  noticedBy: "routeChanges" | "nginxRemovals" | null,
  rush: readonly TrafficSample[],
  onsetIndex: number,
): Intervals {
  const { atMs, forMs = Infinity } = fault;
  const onset = rush[onsetIndex];
  const from = rush.find((sample) => sample.atMs >= onset.atMs - INTERVAL_MS_MAX)!;
  const during = rush.filter(
    (sample) => sample.atMs > onset.atMs && sample.atMs <= atMs + forMs + ROUNDING_MS,
  );
  const noticed =
    noticedBy === null ? undefined : during.find((sample) => sample[noticedBy] > onset[noticedBy]);
  const end = during.at(-1) ?? rush.at(-1)!;
  // Too late to show what it was like afterwards: then the interval begins with the fault.
  const isLate =
    noticed === undefined ||
    end.atMs - noticed.atMs < SETTLED_SHARE_LEAST * (end.atMs - onset.atMs);
  const since = isLate ? onset : noticed;
  const until =
    during.findLast((sample) => sample.atMs <= since.atMs + INTERVAL_MS_MAX && sample !== since) ??
    end;
  return {
    fault,
    flows: [rates(from, onset), rates(since, until)],
    notice:
      noticed === undefined
        ? null
        : { withinMs: noticed.atMs - onset.atMs, lost: noticed.lost - onset.lost },
  };
}
