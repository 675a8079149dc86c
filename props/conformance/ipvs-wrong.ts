/** IPVS models that are wrong on purpose: some recording must reject each. */
import { TCP_TIMEOUT_SECONDS } from "../../sim/network/lvs/connection-end.ts";
import type { TcpTimeouts } from "../../sim/network/lvs/connection-end.ts";
import { RealServer } from "../../sim/network/lvs/real-server.ts";
import type { RealServerOptions } from "../../sim/network/lvs/real-server.ts";
import { SourceHashing } from "../../sim/network/lvs/schedulers/bucket-hash.ts";
import { createScheduler } from "../../sim/network/lvs/schedulers/create.ts";
import type { SchedulerName } from "../../sim/network/lvs/schedulers/create.ts";
import { WeightedFailover, WeightedOverflow } from "../../sim/network/lvs/schedulers/heaviest.ts";
import {
  LeastConnection,
  ShortestExpectedDelay,
  WeightedLeastConnection,
} from "../../sim/network/lvs/schedulers/least-loaded.ts";
import { Maglev } from "../../sim/network/lvs/schedulers/maglev.ts";
import { RoundRobin } from "../../sim/network/lvs/schedulers/round-robin.ts";
import type { Scheduler } from "../../sim/network/lvs/schedulers/scheduler.ts";
import { WeightedRoundRobin } from "../../sim/network/lvs/schedulers/weighted-round-robin.ts";
import { VirtualServer } from "../../sim/network/lvs/virtual-server.ts";
import type { VirtualServerConfig } from "../../sim/network/lvs/virtual-server.ts";
import type { WrongVariant } from "./adapter.ts";
import { buildVirtualServer } from "./ipvs-replay.ts";
import type { BuildVirtualServer } from "./ipvs-replay.ts";

const noDraws = (): number => {
  throw new Error("no recorded scheduler draws");
};

/** The real service under another configuration. */
function configured(
  change: (config: VirtualServerConfig) => Partial<VirtualServerConfig>,
): BuildVirtualServer {
  return (config) => buildVirtualServer({ ...config, ...change(config) });
}

function withTimeouts(timeouts: Partial<TcpTimeouts>): BuildVirtualServer {
  return configured((config) => ({
    timeouts: { ...TCP_TIMEOUT_SECONDS, ...config.timeouts, ...timeouts },
  }));
}

/** The real service with another scheduler in the place of `name`. */
export function scheduledBy(
  name: SchedulerName,
  create: (config: VirtualServerConfig) => Scheduler,
): BuildVirtualServer {
  class Rescheduled extends VirtualServer {
    protected override createScheduler(config: VirtualServerConfig): Scheduler {
      return config.scheduler === name ? create(config) : createScheduler(config, noDraws);
    }
  }
  return (config) => new Rescheduled(config, noDraws);
}

/** The real service with real servers of another kind. */
function servedBy(
  Server: new (...args: ConstructorParameters<typeof RealServer>) => RealServer,
): BuildVirtualServer {
  class Reserved extends VirtualServer {
    protected override createServer(id: number, options: RealServerOptions): RealServer {
      const { closing } = super.createServer(id, options);
      return new Server(id, options, closing.bucketNs, closing.lifetimeNs);
    }
  }
  return (config) => new Reserved(config, noDraws);
}

export class AppendedOrder extends VirtualServer {
  protected override placeOfNew(): number {
    return this.servers.length;
  }
}

/** Textbook wrr: every change starts again at the highest weight. */
export class HeaviestFirst extends WeightedRoundRobin {
  override rebuild(servers: readonly RealServer[]): void {
    this.currentWeight = 0;
    super.rebuild(servers);
  }
}

/** Keeps its place in the round when a server is added, removed or edited. */
export class UnbrokenRound extends WeightedRoundRobin {
  override rebuild(servers: readonly RealServer[]): void {
    const last = Math.min(this.last, servers.length - 1);
    super.rebuild(servers);
    this.last = last;
  }
}

class RestartedRoundRobin extends RoundRobin {
  override removed(): void {
    this.last = -1;
  }
}

class LastTieLeastConnection extends LeastConnection {
  override beats(load: number, share: number, bestLoad: number, bestShare: number): boolean {
    return bestLoad * share >= load * bestShare;
  }
}

class ActiveOnlyLeastConnection extends WeightedLeastConnection {
  override load(server: RealServer): number {
    return server.active;
  }
}

class ZeroBasedExpectedDelay extends ShortestExpectedDelay {
  override load(server: RealServer): number {
    return server.active;
  }
}

class StrictOverflow extends WeightedOverflow {
  override hasRoom(server: RealServer): boolean {
    return super.hasRoom(server) && server.active < server.weight;
  }
}

class StickyFailover extends WeightedFailover {
  override pick(servers: readonly RealServer[]): RealServer | null {
    return super.pick(servers.toReversed().slice(0, 1));
  }
}

class KnuthSourceHashing extends SourceHashing {
  override bucket(clientIp: number): number {
    return Math.imul(clientIp, 0x9e3779b1) >>> 24;
  }
}

class EqualMaglev extends Maglev {
  override tableWeight(): number {
    return 1;
  }
}

/** Weight 0 takes a server's slots away, as deleting it does. */
class CurrentWeightMaglev extends Maglev {
  override tableWeight(server: RealServer): number {
    return server.weight;
  }
}

class ActiveOnlyThresholds extends RealServer {
  override total(): number {
    return this.active;
  }
  override deactivate(): void {
    super.deactivate();
    this.unbind(0, 0);
  }
}

class NoThresholds extends RealServer {
  override total(): number {
    return 0;
  }
}

const withPort = (port: boolean) => (config: VirtualServerConfig) => ({
  flags: { ...config.flags, port },
});

export const ipvsWrongVariants: readonly (WrongVariant & { readonly model: BuildVirtualServer })[] =
  [
    {
      name: "wrr-starts-at-maximum",
      why: "wrr begins at the highest weight instead of with one round over all servers",
      model: scheduledBy("wrr", () => new HeaviestFirst()),
    },
    {
      name: "wrr-round-survives-changes",
      why: "wrr keeps its place when a server is added, removed or edited",
      model: scheduledBy("wrr", () => new UnbrokenRound()),
    },
    {
      name: "order-as-added",
      why: "the first server added stands first in the list",
      model: (config) => new AppendedOrder(config, noDraws),
    },
    {
      name: "load-factor-swapped",
      why: "lc and wlc weigh active connections 257 where the kernel weighs 256, and vice versa",
      model: configured((config) => ({ loadFactor: config.loadFactor === 257 ? 256 : 257 })),
    },
    {
      name: "lc-last-tie-wins",
      why: "lc prefers the last of equally loaded servers",
      model: scheduledBy("lc", (config) => new LastTieLeastConnection(config.loadFactor ?? 256)),
    },
    {
      name: "wlc-ignores-inactive",
      why: "wlc counts active connections only",
      model: scheduledBy(
        "wlc",
        (config) => new ActiveOnlyLeastConnection(config.loadFactor ?? 256),
      ),
    },
    {
      name: "time-wait-60-s",
      why: "closed connections stay in TIME_WAIT for 60 s, as an endpoint's do",
      model: withTimeouts({ TIME_WAIT: 60 }),
    },
    {
      name: "time-wait-follows-fin-timeout",
      why: "`ipvsadm --set` changes TIME_WAIT along with FIN_WAIT",
      model: configured((config) => ({
        timeouts: { ...config.timeouts, TIME_WAIT: config.timeouts?.FIN_WAIT ?? 120 },
      })),
    },
    {
      name: "reset-stays-120-s",
      why: "a reset connection stays as long as one that closed in order",
      model: withTimeouts({ CLOSE: 120 }),
    },
    {
      name: "rr-restarts-on-delete",
      why: "rr starts at the head of the list again when a server is removed",
      model: scheduledBy("rr", () => new RestartedRoundRobin()),
    },
    {
      name: "sed-without-the-new-connection",
      why: "sed divides the present load, not the load with the new connection",
      model: scheduledBy("sed", () => new ZeroBasedExpectedDelay()),
    },
    {
      name: "nq-as-sed",
      why: "nq does not prefer an idle server",
      model: scheduledBy("nq", () => new ShortestExpectedDelay()),
    },
    {
      name: "ovf-strictly-below",
      why: "ovf stops at weight, not at weight + 1 connections",
      model: scheduledBy("ovf", () => new StrictOverflow()),
    },
    {
      name: "fo-never-fails-over",
      why: "fo stays with one server whatever its weight",
      model: scheduledBy("fo", () => new StickyFailover()),
    },
    {
      name: "sh-multiplies-by-knuth",
      why: "sh hashes with Knuth's multiplier 2654435761",
      model: scheduledBy("sh", () => new KnuthSourceHashing(false, false)),
    },
    {
      name: "port-ignored",
      why: "sh-port and mh-port hash the client's address only",
      model: configured(withPort(false)),
    },
    {
      name: "port-always-hashed",
      why: "sh and mh hash the port without being told to",
      model: configured(withPort(true)),
    },
    {
      name: "fallback-ignored",
      why: "mh-fallback does not look further than an unavailable server",
      model: configured((config) => ({ flags: { ...config.flags, fallback: false } })),
    },
    {
      name: "fallback-always",
      why: "sh and mh look further than an unavailable server without being told to",
      model: configured((config) => ({ flags: { ...config.flags, fallback: true } })),
    },
    {
      name: "mh-ignores-weights",
      why: "every server gets as many slots of the Maglev table",
      model: scheduledBy(
        "mh",
        ({ flags }) => new EqualMaglev(flags?.port ?? false, flags?.fallback ?? false),
      ),
    },
    {
      name: "mh-weight-0-reshuffles",
      why: "weight 0 takes a server out of the Maglev table",
      model: scheduledBy(
        "mh",
        ({ flags }) => new CurrentWeightMaglev(flags?.port ?? false, flags?.fallback ?? false),
      ),
    },
    {
      name: "thresholds-ignored",
      why: "no server is ever overloaded",
      model: servedBy(NoThresholds),
    },
    {
      name: "thresholds-ignore-inactive",
      why: "closed connections do not count towards the thresholds",
      model: servedBy(ActiveOnlyThresholds),
    },
    {
      name: "persistence-ignored",
      why: "every connection is scheduled",
      model: (config) => {
        const { persistenceSeconds: _, ...rest } = config;
        return buildVirtualServer(rest);
      },
    },
    {
      name: "weight-0-breaks-persistence",
      why: "clients leave a server as soon as its weight is 0",
      model: configured(() => ({ expireQuiescentTemplate: true })),
    },
  ];
