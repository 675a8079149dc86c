/** From a scheduler's name and flags, as `ipvsadm -s name -b flags` takes them, to the scheduler. */
import { DestinationHashing, SourceHashing } from "./bucket-hash.ts";
import { WeightedFailover, WeightedOverflow } from "./heaviest.ts";
import {
  LeastConnection,
  NeverQueue,
  ShortestExpectedDelay,
  WeightedLeastConnection,
} from "./least-loaded.ts";
import type { LoadFactor } from "./least-loaded.ts";
import { LocalityLeastConnection } from "./locality.ts";
import { Maglev } from "./maglev.ts";
import { RoundRobin } from "./round-robin.ts";
import type { Scheduler } from "./scheduler.ts";
import { TwoChoices } from "./two-choices.ts";
import { WeightedRoundRobin } from "./weighted-round-robin.ts";

export const SCHEDULER_NAMES = [
  "rr",
  "wrr",
  "lc",
  "wlc",
  "sed",
  "nq",
  "fo",
  "ovf",
  "sh",
  "dh",
  "mh",
  "lblc",
  "twos",
] as const;
export type SchedulerName = (typeof SCHEDULER_NAMES)[number];

/** Flags of `sh` and `mh`; the others have none. */
export interface SchedulerFlags {
  /** `sh-port`, `mh-port`: hash the client's port too. */
  readonly port?: boolean;
  /** `sh-fallback`, `mh-fallback`: on an unavailable server look further. */
  readonly fallback?: boolean;
}

export interface SchedulerConfig {
  readonly scheduler: SchedulerName;
  readonly flags?: SchedulerFlags;
  /** Default 256. */
  readonly loadFactor?: LoadFactor;
  /** The service's IPv4 address as a number; read by `dh` only. Default 0. */
  readonly virtualIp?: number;
}

/** @param draw uniform in [0, 1); used by `twos` only */
export function createScheduler(config: SchedulerConfig, draw: () => number): Scheduler {
  const loadFactor = config.loadFactor ?? 256;
  const usesPort = config.flags?.port ?? false;
  const fallsBack = config.flags?.fallback ?? false;
  switch (config.scheduler) {
    case "rr":
      return new RoundRobin();
    case "wrr":
      return new WeightedRoundRobin();
    case "lc":
      return new LeastConnection(loadFactor);
    case "wlc":
      return new WeightedLeastConnection(loadFactor);
    case "sed":
      return new ShortestExpectedDelay();
    case "nq":
      return new NeverQueue();
    case "fo":
      return new WeightedFailover();
    case "ovf":
      return new WeightedOverflow();
    case "sh":
      return new SourceHashing(usesPort, fallsBack);
    case "dh":
      return new DestinationHashing(config.virtualIp ?? 0);
    case "mh":
      return new Maglev(usesPort, fallsBack);
    case "lblc":
      return new LocalityLeastConnection(loadFactor);
    case "twos":
      return new TwoChoices(loadFactor, draw);
    default:
      throw new RangeError(`no such scheduler: ${String(config.scheduler)}`);
  }
}
