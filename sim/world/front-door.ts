/**
 * From the edge of the network to a director and on to nginx: OSPF picks the paths, ECMP one of
 * them by flow hash, IPVS an nginx.
 *
 * Picks are made when the packet enters the network; the way to nginx is then one event. Links and
 * directors are FIFO stations, whose waiting time follows from when they are free again.
 */
import { FlowHash, pickPath } from "../network/ecmp.ts";
import {
  ABANDONED,
  FIN_BY_CLIENT,
  RST_BY_SERVER,
  SYN_REFUSED,
  SYN_UNANSWERED,
} from "../network/lvs/connection-end.ts";
import type { ConnectionEnd } from "../network/lvs/connection-end.ts";
import { forwardedTraffic } from "../network/lvs/director-load.ts";
import { HealthChecker, NEVER } from "../network/lvs/keepalived/health-checker.ts";
import { ServerPool } from "../network/lvs/keepalived/server-pool.ts";
import { REFUSED, VirtualServer } from "../network/lvs/virtual-server.ts";
import { OspfNetwork } from "../network/ospf/network.ts";
import type { NextHop } from "../network/ospf/next-hops.ts";
import type { LayerCounts } from "../result.ts";
import { lvsOf } from "../scenario/per-site.ts";
import { DIRECTOR_CHECK, NGINX_ARRIVE, OSPF_ADVANCE } from "./events.ts";
import type { Requests } from "./requests.ts";
import { EDGE_ROUTER, ospfConfig, SERVICE_PREFIX } from "./topology.ts";
import { NS_PER_MS, NS_PER_US } from "./world.ts";
import type { World } from "./world.ts";

const SERVICE_ADDRESS = 0x0a640001;
const SERVICE_PORT = 80;
const TCP = 6;
/** One short HTTP exchange: SYN, ACK with the request, ACK, FIN one way; three packets back. */
const REQUEST = { packets: 4, bytes: 1000 };
const REPLY = { packets: 3, bytes: 800 };

/** Where a request went: its director, or why it went nowhere. */
export const LOST = -1;
export const CONNECTION_REFUSED = -2;

export { ABANDONED, FIN_BY_CLIENT, RST_BY_SERVER, SYN_REFUSED, SYN_UNANSWERED };

export class FrontDoor {
  readonly ospf: OspfNetwork;
  readonly #world: World;
  readonly #requests: Requests;
  readonly #services: VirtualServer[] = [];
  readonly #pools: ServerPool[] = [];
  /** Per director and nginx of its site: keepalived's checker. */
  readonly #checkers: HealthChecker[][] = [];
  readonly #directorUp: boolean[];
  readonly #flowHash: FlowHash;
  #uplinks: readonly NextHop[] = [];
  /** Director behind each of the edge's next hops, its second link, or LOST. */
  #directorOfPath: number[] = [];
  #secondHops: (NextHop | undefined)[] = [];
  /** 1 if a packet sent on that path now arrives at its director. */
  #pathCarries = new Uint8Array(0);
  readonly #linkFreeNs: Float64Array;
  readonly #directorFreeNs: Float64Array;
  readonly #packetNs: number;
  /** What one connection costs each director. */
  readonly #directorNs: Float64Array;
  readonly #linkQueueNs: number;
  readonly #directorQueueNs: number;
  readonly #wayNs: number;
  readonly linkPackets: Float64Array;
  readonly directorConnections: Float64Array;
  #lostOnDeadPath = 0;
  #droppedOnFullLink = 0;
  #refused = 0;
  #dropped = 0;
  #removals = 0;
  #routeChanges = 0;

  constructor(world: World, requests: Requests) {
    const { scenario, topology } = world;
    const { ospf, lvs } = scenario;
    this.#world = world;
    this.#requests = requests;
    this.ospf = new OspfNetwork(ospfConfig(scenario, topology), world.random.stream("ospf"));
    this.#flowHash = new FlowHash(world.random.stream("ecmp").bits(0), ospf.hashPolicy);
    this.#directorUp = topology.directors.map(() => true);
    this.#linkFreeNs = new Float64Array(topology.links.length);
    this.linkPackets = new Float64Array(topology.links.length);
    this.#directorFreeNs = new Float64Array(topology.directors.length);
    this.directorConnections = new Float64Array(topology.directors.length);
    this.#packetNs = (REQUEST.bytes * 8 * 1000) / ospf.bandwidthMbit;
    this.#directorNs = Float64Array.from(topology.siteOfDirector, (site) => {
      const { mode, packetUs } = lvsOf(scenario, topology.sites[site]);
      return forwardedTraffic(mode, REQUEST, REPLY).packets * packetUs * NS_PER_US;
    });
    this.#linkQueueNs = ospf.queueMs * NS_PER_MS;
    this.#directorQueueNs = lvs.queueMs * NS_PER_MS;
    this.#wayNs = 2 * ospf.linkUs * NS_PER_US + lvs.linkUs * NS_PER_US;
    topology.directors.forEach((_, director) => this.#addDirector(director));
    this.#readRoutes();
  }

  /** A director with keepalived: its service, the nginx of its site, and their health checks. */
  #addDirector(director: number): void {
    const { scenario, topology, random } = this.#world;
    const site = topology.siteOfDirector[director];
    const lvs = lvsOf(scenario, topology.sites[site]);
    const draws = random.stream(`lvs/${director}`);
    let drawn = 0;
    const service = new VirtualServer(
      {
        scheduler: lvs.scheduler,
        flags: lvs.flags,
        mode: lvs.mode,
        loadFactor: lvs.loadFactor,
        virtualIp: SERVICE_ADDRESS,
        ...(lvs.persistenceSeconds > 0 ? { persistenceSeconds: lvs.persistenceSeconds } : {}),
      },
      () => draws.uniform((drawn += 1)),
    );
    this.#services.push(service);
    const servers = topology.nginx
      .map((_, nginx) => nginx)
      .filter((nginx) => topology.siteOfNginx[nginx] === site)
      .map((nginx, place) => ({
        id: nginx,
        weight: lvs.weights?.[place] ?? lvs.weight,
        options: { upper: lvs.upperThreshold, lower: lvs.lowerThreshold },
        inhibitOnFailure: lvs.check.inhibitOnFailure,
      }));
    this.#pools.push(new ServerPool(service, { servers }, 0));
    const check = {
      delayLoopSeconds: lvs.check.delayLoopMs / 1000,
      connectTimeoutSeconds: lvs.check.connectTimeoutMs / 1000,
      retry: lvs.check.retry,
      delayBeforeRetrySeconds: lvs.check.delayBeforeRetryMs / 1000,
    };
    const stream = random.stream(`keepalived/${director}`);
    this.#checkers.push(
      topology.nginx.map((_, nginx) => new HealthChecker(check, 0, stream, nginx)),
    );
  }

  /**
   * Sends a request in from the edge: it will reach an nginx, or the result says that it was LOST
   * or that its connection was refused.
   */
  enter(request: number): number {
    const { nowNs, queue } = this.#world;
    const paths = this.#uplinks;
    if (paths.length === 0) {
      this.#lostOnDeadPath += 1;
      return LOST;
    }
    const { address, port } = this.#requests;
    const path =
      paths.length === 1
        ? 0
        : pickPath(
            this.#flowHash.hash31(
              address[request],
              SERVICE_ADDRESS,
              TCP,
              port[request],
              SERVICE_PORT,
            ),
            paths.length,
          );
    const hop = paths[path];
    const director = this.#directorOfPath[path];
    if (this.#pathCarries[path] === 0) {
      this.#lostOnDeadPath += 1;
      return LOST;
    }
    const arrivalNs = this.#crossLink(hop.linkIndex, nowNs);
    if (arrivalNs < 0) {
      this.#droppedOnFullLink += 1;
      return LOST;
    }
    this.#requests.director[request] = director;
    if (!this.#directorUp[director]) {
      this.#lostOnDeadPath += 1;
      return LOST;
    }
    const startNs = Math.max(arrivalNs, this.#directorFreeNs[director]);
    if (startNs - arrivalNs > this.#directorQueueNs) {
      this.#dropped += 1;
      return LOST;
    }
    this.#directorFreeNs[director] = startNs + this.#directorNs[director];
    const nginx = this.#services[director].connect(address[request], port[request], nowNs);
    if (nginx === REFUSED) {
      this.#refused += 1;
      this.#requests.director[request] = -1;
      return CONNECTION_REFUSED;
    }
    this.directorConnections[director] += 1;
    this.#requests.proxy[request] = nginx;
    queue.push(
      Math.round(startNs + this.#directorNs[director] + this.#wayNs),
      NGINX_ARRIVE,
      request,
      0,
    );
    return director;
  }

  /** The request's connection is over, as its director sees it. */
  leave(request: number, end: ConnectionEnd): void {
    const { director, proxy, address } = this.#requests;
    const through = director[request];
    if (through < 0 || proxy[request] < 0) return;
    const { nowNs } = this.#world;
    this.#services[through].closed(proxy[request], end, nowNs, address[request]);
    director[request] = -1;
  }

  /** One way from nginx back to the edge. */
  get returnNs(): number {
    return this.#wayNs;
  }

  // Faults.

  directorDies(director: number): void {
    this.#directorUp[director] = false;
    this.ospf.stopRouter(this.#world.topology.directors[director], this.#world.nowNs, true);
    this.changed();
  }

  directorStarts(director: number): void {
    this.#directorUp[director] = true;
    this.ospf.startRouter(this.#world.topology.directors[director], this.#world.nowNs);
    this.changed();
  }

  /** An nginx stops or starts answering health checks. */
  nginxChanged(nginx: number, failure: "refused" | "blackhole" | null): void {
    const { nowNs, topology, queue } = this.#world;
    topology.directors.forEach((_, director) => {
      if (topology.siteOfDirector[director] !== topology.siteOfNginx[nginx]) return;
      const checker = this.#checkers[director][nginx];
      const flipNs =
        failure === null ? checker.serverRecovered(nowNs) : checker.serverFailed(nowNs, failure);
      if (flipNs !== NEVER) queue.push(Math.ceil(flipNs), DIRECTOR_CHECK, director, nginx);
    });
  }

  /** keepalived may have changed its mind about an nginx. */
  check(director: number, nginx: number): void {
    const { nowNs, queue } = this.#world;
    const checker = this.#checkers[director][nginx];
    if (checker.isUp(nowNs)) {
      this.#pools[director].serverUp(nginx, nowNs);
    } else {
      this.#pools[director].serverDown(nginx, nowNs);
      this.#removals += 1;
    }
    const flipNs = checker.nextFlipNs();
    if (flipNs !== NEVER && flipNs > nowNs)
      queue.push(Math.ceil(flipNs), DIRECTOR_CHECK, director, nginx);
  }

  /** The network was touched, or has something to do now. */
  changed(): void {
    const { nowNs, queue } = this.#world;
    if (this.ospf.advance(nowNs)) {
      this.#routeChanges += 1;
      this.#readRoutes();
    } else {
      this.#readCables();
    }
    const nextNs = this.ospf.nextEventNs();
    if (nextNs !== Infinity) queue.push(Math.max(nowNs, Math.ceil(nextNs)), OSPF_ADVANCE, 0, 0);
  }

  layers(): Pick<LayerCounts, "ospf" | "lvs"> {
    const { topology } = this.#world;
    let connections = 0;
    for (const count of this.directorConnections) connections += count;
    return {
      ospf: {
        routed: this.linkPackets
          .subarray(0, topology.directors.length)
          .reduce((sum, packets) => sum + packets, 0),
        lostOnDeadPath: this.#lostOnDeadPath,
        droppedOnFullLink: this.#droppedOnFullLink,
        routeChanges: this.#routeChanges,
        links: topology.links.map((name, i) => ({ name, requests: this.linkPackets[i] })),
      },
      lvs: {
        connections,
        refused: this.#refused,
        dropped: this.#dropped,
        removals: this.#removals,
        directors: topology.directors.map((name, i) => ({
          name,
          connections: this.directorConnections[i],
        })),
      },
    };
  }

  #readCables(): void {
    this.#pathCarries = Uint8Array.from(this.#uplinks, (hop, path) => {
      const second = this.#secondHops[path];
      return second !== undefined && this.ospf.carries(hop) && this.ospf.carries(second) ? 1 : 0;
    });
  }

  /** Looks the edge's paths up again, and where each leads. */
  #readRoutes(): void {
    const { directors } = this.#world.topology;
    this.#uplinks = this.ospf.nextHops(EDGE_ROUTER, SERVICE_PREFIX);
    this.#secondHops = [];
    this.#directorOfPath = this.#uplinks.map((hop, path) => {
      // A core router has one director; without a route to it, it would send the packet back.
      const next = this.ospf
        .nextHops(hop.neighbour, SERVICE_PREFIX)
        .find(({ neighbour }) => directors.includes(neighbour));
      this.#secondHops[path] = next;
      return next === undefined ? LOST : directors.indexOf(next.neighbour);
    });
    this.#readCables();
  }

  /** When the packet is over the link, or -1 if the link's queue is full. */
  #crossLink(link: number, nowNs: number): number {
    const startNs = Math.max(nowNs, this.#linkFreeNs[link]);
    if (startNs - nowNs > this.#linkQueueNs) return -1;
    this.#linkFreeNs[link] = startNs + this.#packetNs;
    this.linkPackets[link] += 1;
    // Its director's link is of the same speed and comes right after: it never waits there.
    this.linkPackets[link + this.#world.topology.directors.length] += 1;
    return startNs + this.#packetNs;
  }
}
