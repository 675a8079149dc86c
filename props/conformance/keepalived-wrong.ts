/** keepalived models that are wrong on purpose: some recording must reject each. */
import { detectionBounds } from "../../sim/network/lvs/keepalived/health-checker.ts";
import { ServerPool } from "../../sim/network/lvs/keepalived/server-pool.ts";
import type { PoolConfig } from "../../sim/network/lvs/keepalived/server-pool.ts";
import type { VirtualServer } from "../../sim/network/lvs/virtual-server.ts";
import type { WrongVariant } from "./adapter.ts";
import { AppendedOrder, HeaviestFirst, UnbrokenRound, scheduledBy } from "./ipvs-wrong.ts";
import type { KeepalivedModel } from "./keepalived-replay.ts";

/** A pool in which failed servers are treated alike, whatever the configuration says. */
function inhibiting(inhibitOnFailure: boolean): KeepalivedModel["buildPool"] {
  return (service, config, nowNs) => {
    const servers = config.servers.map((server) => ({ ...server, inhibitOnFailure }));
    return new ServerPool(service, { ...config, servers }, nowNs);
  };
}

/** Takes failed servers out, and never puts them back. */
class OneWayPool extends ServerPool {
  override serverUp(): void {}
}

/** Does nothing when a checker reports a failure. */
class BlindPool extends ServerPool {
  override serverDown(): void {}
}

class ReversedPool extends ServerPool {
  constructor(service: VirtualServer, config: PoolConfig, nowNs: number) {
    super(service, { ...config, servers: config.servers.toReversed() }, nowNs);
  }
}

class EqualWeightPool extends ServerPool {
  constructor(service: VirtualServer, config: PoolConfig, nowNs: number) {
    const servers = config.servers.map((server) => ({ ...server, weight: 1 }));
    super(service, { ...config, servers }, nowNs);
  }
}

type Variant = WrongVariant & { readonly model: Partial<KeepalivedModel> };

export const keepalivedWrongVariants: readonly Variant[] = [
  {
    name: "down-at-first-failure",
    why: "one failed check is enough, without retries",
    model: { detection: (config, how) => detectionBounds({ ...config, retry: 0 }, how) },
  },
  {
    name: "retries-at-once",
    why: "retries do not wait for delay_before_retry",
    model: {
      detection: (config, how) => detectionBounds({ ...config, delayBeforeRetrySeconds: 0 }, how),
    },
  },
  {
    name: "silence-fails-at-once",
    why: "a check of a black hole does not wait for connect_timeout",
    model: {
      detection: (config, how) => detectionBounds({ ...config, connectTimeoutSeconds: 0 }, how),
    },
  },
  {
    name: "retry-once",
    why: "retry is 1, its default, whatever is configured",
    model: { detection: (config, how) => detectionBounds({ ...config, retry: 1 }, how) },
  },
  {
    name: "recovery-needs-retries",
    why: "a server must answer 1 + retry checks before it is back",
    model: {
      recovery: (config) => ({
        lowSeconds: config.retry * config.delayLoopSeconds,
        highSeconds: (1 + config.retry) * config.delayLoopSeconds,
      }),
    },
  },
  {
    name: "back-in-its-old-place",
    why: "servers keep the order of the configuration",
    model: { build: (config) => new AppendedOrder(config, () => 0) },
  },
  {
    name: "wrr-starts-at-maximum",
    why: "wrr begins at the highest weight instead of with one round over all servers",
    model: { build: scheduledBy("wrr", () => new HeaviestFirst()) },
  },
  {
    name: "wrr-round-survives-changes",
    why: "taking a server out or back does not restart the walk of wrr",
    model: { build: scheduledBy("wrr", () => new UnbrokenRound()) },
  },
  {
    name: "always-removes",
    why: "inhibit_on_failure is ignored",
    model: { buildPool: inhibiting(false) },
  },
  {
    name: "always-inhibits",
    why: "failed servers stay in the table with weight 0",
    model: { buildPool: inhibiting(true) },
  },
  {
    name: "never-puts-back",
    why: "a server that was taken out stays out",
    model: { buildPool: (service, config, nowNs) => new OneWayPool(service, config, nowNs) },
  },
  {
    name: "never-takes-out",
    why: "a failed server stays in the pool",
    model: { buildPool: (service, config, nowNs) => new BlindPool(service, config, nowNs) },
  },
  {
    name: "adds-in-reverse",
    why: "servers are added from the end of the configuration",
    model: { buildPool: (service, config, nowNs) => new ReversedPool(service, config, nowNs) },
  },
  {
    name: "weights-ignored",
    why: "every server gets weight 1",
    model: { buildPool: (service, config, nowNs) => new EqualWeightPool(service, config, nowNs) },
  },
  {
    name: "retried-elsewhere",
    why: "IPVS tries another server when the picked one is dead",
    model: { meet: () => "serving" },
  },
];
