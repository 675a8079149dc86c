/**
 * Which faults happen on real parts, and why the others happen only in the simulator.
 *
 * A plan is the same plan in both worlds. What the real world cannot do is refused by name: a plan
 * of which half is left out would prove half of what it says.
 */
import { UsageError } from "../../sim/cli/usage-error.ts";
import { FAULT_KINDS } from "../../sim/faults/vocabulary.ts";
import type { FaultKind, FaultPlan } from "../../sim/faults/vocabulary.ts";

/** LVS, OSPF and Redis's clock exist only simulated; the reasons are for people. */
const SIMULATED_ONLY = {
  "director-crash": "LVS exists only in the simulator; here the network begins at nginx",
  "router-crash": "OSPF exists only in the simulator; here the network begins at nginx",
  "link-cut": "OSPF exists only in the simulator; here the network begins at nginx",
  "link-cost": "OSPF exists only in the simulator; here the network begins at nginx",
  "redis-clock-jump": "Redis reads the clock of this machine, which is not to be set",
} as const satisfies Partial<Record<FaultKind, string>>;

export type RealFaultKind = Exclude<FaultKind, keyof typeof SIMULATED_ONLY>;

export const REAL_FAULT_KINDS: readonly RealFaultKind[] = FAULT_KINDS.filter(isReal);

function isReal(kind: FaultKind): kind is RealFaultKind {
  return !Object.hasOwn(SIMULATED_ONLY, kind);
}

/** @throws UsageError that names the episode and the reason. */
export function checkIsReal({ episodes }: FaultPlan): void {
  episodes.forEach(({ kind }, i) => {
    if (!isReal(kind))
      throw new UsageError(
        `fault plan: episodes.${i}.kind: ${kind} happens only in the simulator: ` +
          `${SIMULATED_ONLY[kind]}; ` +
          "leave it out, or run the plan with sim/run.ts",
      );
  });
}

/** Which proxies a plan needs: without a fault on it, a way is left as it is. */
export interface LinksNeeded {
  readonly redisOfServer: (server: number) => boolean;
  readonly redisOfWorkers: boolean;
  readonly frontOfServer: (server: number) => boolean;
}

/** Faults of Redis's network, which meet all its clients. */
const REDIS_WEATHER: readonly FaultKind[] = [
  "redis-requests-lost",
  "redis-replies-lost",
  "redis-duplicates",
  "redis-delay",
];

export function linksNeeded({ episodes }: FaultPlan): LinksNeeded {
  const weather = episodes.some(({ kind }) => REDIS_WEATHER.includes(kind));
  const hits = (server: number, kinds: readonly FaultKind[], moment?: string): boolean =>
    episodes.some(
      (episode) =>
        episode.target === server &&
        kinds.includes(episode.kind) &&
        (moment === undefined || episode.moment === moment),
    );
  return {
    redisOfServer: (server) =>
      weather ||
      hits(server, ["server-counter-cut"]) ||
      hits(server, ["server-crash"], "after-call"),
    redisOfWorkers: weather,
    frontOfServer: (server) => hits(server, ["server-front-cut"]),
  };
}
