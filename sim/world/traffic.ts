/**
 * What every link and machine has carried so far, sampled while buyers arrive and at every fault,
 * so that the traffic of any interval is a difference of two samples.
 */
import type { Buyers } from "./buyers.ts";
import type { FrontDoor } from "./front-door.ts";
import type { OrderWorkers } from "./order-workers.ts";
import type { Proxies } from "./proxies.ts";
import type { Redis } from "./redis.ts";
import type { TicketServers } from "./ticket-servers.ts";
import { NS_PER_MS } from "./world.ts";

/** Counts from time 0 to `atMs`. Lists are in the order of the topology. */
export interface TrafficSample {
  readonly atMs: number;
  readonly buyersArrived: number;
  /** Requests that entered the network, payment messages included. */
  readonly requests: number;
  /** Requests sent into a path that was dead and not yet known to be. */
  readonly lost: number;
  /** Requests on each OSPF link. */
  readonly links: readonly number[];
  /** Connections that each director opened. */
  readonly directors: readonly number[];
  /** Requests that each nginx took, and each ticket server. */
  readonly nginx: readonly number[];
  readonly servers: readonly number[];
  readonly counterCalls: number;
  /** Events that the order workers have brought to the order database. */
  readonly ordersRecorded: number;
  /** How often routes changed, and health checks took an nginx out: when a fault was noticed. */
  readonly routeChanges: number;
  readonly nginxRemovals: number;
}

interface Meters {
  readonly buyers: Buyers;
  readonly frontDoor: FrontDoor;
  readonly proxies: Proxies;
  readonly servers: TicketServers;
  readonly redis: Redis;
  readonly workers: OrderWorkers;
}

/** Counts kept at most in all samples together: some 3 MB, however many machines there are. */
const COUNTS_MAX = 400_000;
const SAMPLES_MAX = 400;
const SAMPLES_LEAST = 16;
/** Distance of samples after the first thinning; it doubles with each. */
const SPACING_MS_FIRST = 500;

interface Kept {
  readonly sample: TrafficSample;
  /** Taken at a fault: not thinned out before the others are. */
  readonly atFault: boolean;
}

export class TrafficRecorder {
  readonly #meters: Meters;
  readonly #samplesMax: number;
  #kept: Kept[] = [];
  /** Least distance of samples that are taken at no fault. */
  #spacingMs = 0;

  constructor(meters: Meters) {
    this.#meters = meters;
    const { links, directors, nginx, servers } = this.#read(0);
    const stations = links.length + directors.length + nginx.length + servers.length;
    const affordable = Math.floor(COUNTS_MAX / stations);
    this.#samplesMax = Math.max(SAMPLES_LEAST, Math.min(SAMPLES_MAX, affordable));
  }

  /** A look in passing: kept if buyers have arrived and enough time has passed since the last. */
  look(nowNs: number): void {
    const last = this.#kept.at(-1)?.sample;
    if (last !== undefined) {
      const elapsedMs = nowNs / NS_PER_MS - last.atMs;
      if (elapsedMs < this.#spacingMs || last.buyersArrived === this.#meters.buyers.arrived) return;
    }
    this.#keep(nowNs, false);
  }

  /** The moment before a fault begins or ends. */
  fault(nowNs: number): void {
    if (this.#kept.at(-1)?.sample.atMs !== nowNs / NS_PER_MS) this.#keep(nowNs, true);
  }

  /** All samples in order of time, the last one of `nowNs`. */
  samples(nowNs: number): TrafficSample[] {
    return [...this.#kept.map(({ sample }) => sample), this.#read(nowNs)];
  }

  #keep(nowNs: number, atFault: boolean): void {
    this.#kept.push({ sample: this.#read(nowNs), atFault });
    if (this.#kept.length > this.#samplesMax) this.#thinOut();
  }

  #thinOut(): void {
    this.#spacingMs = this.#spacingMs === 0 ? SPACING_MS_FIRST : this.#spacingMs * 2;
    let lastMs = -Infinity;
    const rest = this.#kept.filter(({ sample, atFault }) => {
      if (!atFault && sample.atMs - lastMs < this.#spacingMs) return false;
      if (!atFault) lastMs = sample.atMs;
      return true;
    });
    // Where faults alone fill the list, the plan has hundreds: every second one has to go.
    this.#kept = rest.length <= this.#samplesMax ? rest : rest.filter((_, i) => i % 2 === 0);
  }

  #read(nowNs: number): TrafficSample {
    const { buyers, frontDoor, proxies, servers, redis, workers } = this.#meters;
    const { ospf, lvs } = frontDoor.layers();
    return {
      atMs: nowNs / NS_PER_MS,
      buyersArrived: buyers.arrived,
      // Each request ends in one of these ways. One lost at a dead director has crossed its links.
      requests:
        ospf.lostOnDeadPath + ospf.droppedOnFullLink + lvs.dropped + lvs.refused + lvs.connections,
      lost: ospf.lostOnDeadPath,
      links: ospf.links.map(({ requests }) => Number(requests)),
      directors: lvs.directors.map(({ connections }) => Number(connections)),
      nginx: proxies.layers().proxies.map(({ requests }) => Number(requests)),
      servers: servers.layers().perServer.map(({ requests }) => Number(requests)),
      counterCalls: redis.counts.scriptCalls,
      ordersRecorded: workers.recorded,
      routeChanges: ospf.routeChanges,
      nginxRemovals: lvs.removals,
    };
  }
}
