/** The real machines as the nemesis meets them. */
import type { LoadFaults } from "../load/faults.ts";
import type { Machine } from "../processes/machine.ts";
import type { FrontLink } from "./front-link.ts";
import type { NginxControl } from "./nginx-control.ts";
import type { RedisControl } from "./redis-control.ts";
import type { RedisLink, RedisWeather } from "./redis-link.ts";

export interface StagedServer {
  readonly machine: Machine;
  /** null where the plan needs none. */
  readonly redisLink: RedisLink | null;
  readonly frontLink: FrontLink | null;
}

export interface StagedWorker {
  readonly machine: Machine;
  /** Lets it die when its next transaction has committed, before it acknowledges. */
  armAfterCommit(): void;
}

export interface Stage {
  readonly servers: readonly StagedServer[];
  readonly nginx: readonly NginxControl[];
  readonly workers: readonly StagedWorker[];
  /** null if the strategy has no counter. */
  readonly redis: RedisControl | null;
  readonly redisWeather: RedisWeather;
  readonly load: LoadFaults;
  /** The process of the order database does nothing while it is stalled. */
  stallDatabase(isStalled: boolean): void;
}
