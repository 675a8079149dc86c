/** The nginx layer: each proxy's workers pick a ticket server and try again where they may. */
import { serviceDraw } from "../kernel/service-law.ts";
import type { ServiceDraw } from "../kernel/service-law.ts";
import { NO_LIVE_UPSTREAM } from "../network/nginx/upstream.ts";
import type { Upstream } from "../network/nginx/upstream.ts";
import { outcomeOfStatus, ReleaseVerdict, TryOutcome } from "../network/nginx/outcome.ts";
import { UpstreamWorkers } from "../network/nginx/workers.ts";
import type { LayerCounts } from "../result.ts";
import { nginxOf } from "../scenario/per-site.ts";
import type { Scenario } from "../scenario/schema.ts";
import { NGINX_READ_TIMEOUT, NGINX_TRY_FAILED } from "./events.ts";
import type { FrontDoor } from "./front-door.ts";
import { FIN_BY_CLIENT, RST_BY_SERVER, SYN_REFUSED, SYN_UNANSWERED } from "./front-door.ts";
import type { Requests } from "./requests.ts";
import { answerCode, ERROR, OWNER_NONE, QUERY } from "./requests.ts";
import { StationMeter } from "./station-meter.ts";
import type { TicketServers } from "./ticket-servers.ts";
import { NS_PER_MS, NS_PER_SECOND, NS_PER_US, WALL_CLOCK_START_MS } from "./world.ts";
import type { World } from "./world.ts";

/** Receives what comes back to the edge. */
export interface Answered {
  /** The answer arrives at `atNs`; the request's slot is free afterwards. */
  answered(request: number, atNs: number): void;
  /** Nothing will ever come back. */
  lost(request: number): void;
}

const TRYAGAIN = answerCode("TRYAGAIN");
const UNAVAILABLE = outcomeOfStatus(503);

export class Proxies {
  readonly #world: World;
  readonly #requests: Requests;
  readonly #frontDoor: FrontDoor;
  readonly #workers: UpstreamWorkers[] = [];
  readonly #serversOf: number[][];
  readonly #up: boolean[];
  readonly #incarnation: Int32Array;
  /** When each worker is free again: proxy * workers + worker. */
  readonly #freeNs: Float64Array;
  readonly #workerOf: ReturnType<World["random"]["stream"]>;
  /** Each proxy's configuration: its site's. */
  readonly #configs: readonly Scenario["nginx"][];
  readonly #serviceNs: Float64Array;
  /** Per proxy; null: every request takes the same time. */
  readonly #serviceDraws: readonly (ServiceDraw | null)[];
  readonly #queueNs: Float64Array;
  readonly meter = new StationMeter();
  readonly #workersOf: Int32Array;
  readonly #workersMax: number;
  /** 1 if the method hashes a key, which then has to be written out. */
  readonly #hashesKey: Uint8Array;
  readonly #linkNs: number;
  readonly #requestsOf: Float64Array;
  servers!: TicketServers;
  outside!: Answered;
  #connections = 0;
  #tries = 0;
  #retries = 0;
  #answered502 = 0;
  #answered504 = 0;
  #noLiveUpstream = 0;
  #dropped = 0;

  constructor(world: World, requests: Requests, frontDoor: FrontDoor) {
    const { topology, scenario } = world;
    this.#world = world;
    this.#requests = requests;
    this.#frontDoor = frontDoor;
    this.#up = topology.nginx.map(() => true);
    this.#incarnation = new Int32Array(topology.nginx.length);
    this.#requestsOf = new Float64Array(topology.nginx.length);
    this.#configs = topology.siteOfNginx.map((site) => nginxOf(scenario, topology.sites[site]));
    this.#workersOf = Int32Array.from(this.#configs, ({ workers }) => workers);
    this.#workersMax = Math.max(...this.#workersOf);
    this.#freeNs = new Float64Array(topology.nginx.length * this.#workersMax);
    this.#serviceNs = Float64Array.from(this.#configs, ({ serviceUs }) => serviceUs * NS_PER_US);
    this.#serviceDraws = this.#configs.map(({ serviceLaw }) =>
      serviceDraw(serviceLaw, world.random.stream("nginx/service")),
    );
    this.#queueNs = Float64Array.from(this.#configs, ({ queueMs }) => queueMs * NS_PER_MS);
    this.#hashesKey = Uint8Array.from(this.#configs, ({ method }) =>
      method.startsWith("hash") ? 1 : 0,
    );
    this.#linkNs = scenario.nginx.linkUs * NS_PER_US;
    this.#workerOf = world.random.stream("nginx/worker");
    this.#serversOf = topology.nginx.map((_, proxy) => {
      const site = topology.siteOfNginx[proxy];
      const all = topology.servers.map((__, server) => server);
      const own = all.filter((server) => topology.siteOfServer[server] === site);
      const others = all.filter((server) => topology.siteOfServer[server] !== site);
      return this.#configs[proxy].backupSites ? [...own, ...others] : own;
    });
    for (let proxy = 0; proxy < topology.nginx.length; proxy += 1)
      this.#workers.push(this.#startWorkers(proxy));
  }

  #startWorkers(proxy: number): UpstreamWorkers {
    const { scenario, topology, random } = this.#world;
    const { servers } = scenario;
    const nginx = this.#configs[proxy];
    return new UpstreamWorkers(
      {
        method: nginx.method,
        servers: this.#serversOf[proxy].map((server) => {
          const own = nginx.servers.find((line) => line.server === server);
          return {
            address: `10.1.${server >> 8}.${server & 255}:3001`,
            weight: servers.weights?.[server] ?? 1,
            max_fails: own?.max_fails ?? nginx.max_fails,
            fail_timeout: own?.fail_timeout ?? nginx.fail_timeout,
            max_conns: own?.max_conns ?? nginx.max_conns,
            down: own?.down ?? false,
            backup: own?.backup ?? topology.siteOfServer[server] !== topology.siteOfNginx[proxy],
          };
        }),
        proxy_next_upstream: nginx.proxy_next_upstream,
        proxy_next_upstream_tries: nginx.proxy_next_upstream_tries,
      },
      { worker_processes: nginx.workers, zone: nginx.zone },
      (worker) => {
        const stream = random.stream(`nginx/${proxy}/${worker}`);
        let drawn = 0;
        return () => stream.bits((drawn += 1)) >>> 1;
      },
    );
  }

  /** A request reaches an nginx. */
  arrive(request: number): void {
    const { nowNs } = this.#world;
    const requests = this.#requests;
    const proxy = requests.proxy[request];
    if (!this.#up[proxy]) {
      // The machine is there, the process is not: a reset.
      this.#frontDoor.leave(request, SYN_REFUSED);
      this.#answerError(request, nowNs);
      return;
    }
    const workers = this.#workersOf[proxy];
    const draw = this.#serviceDraws[proxy];
    const serviceNs =
      draw === null
        ? this.#serviceNs[proxy]
        : Math.round(this.#serviceNs[proxy] * draw(requests.keyOf(request), proxy));
    const worker =
      workers === 1
        ? 0
        : this.#workerOf.integer(
            requests.address[request] * 65536 + requests.port[request],
            workers,
          );
    const station = proxy * this.#workersMax + worker;
    const startNs = Math.max(nowNs, this.#freeNs[station]);
    if (startNs - nowNs > this.#queueNs[proxy]) {
      // The accept queue is full: the SYN is dropped.
      this.#dropped += 1;
      this.meter.refuses();
      this.#frontDoor.leave(request, SYN_UNANSWERED);
      this.outside.lost(request);
      return;
    }
    const doneNs = startNs + serviceNs;
    this.#freeNs[station] = doneNs;
    this.meter.joins(nowNs);
    this.meter.plans(nowNs, startNs, doneNs);
    // It is sent on without an event of its own.
    this.meter.leavesAt(doneNs);
    this.#requestsOf[proxy] += 1;
    this.#connections += 1;
    requests.proxyWorker[request] = this.#workers[proxy].process(worker);
    requests.proxyIncarnation[request] = this.#incarnation[proxy]!;
    const upstreamRequest = requests.upstream[request];
    const isGet = requests.kind[request] === QUERY;
    upstreamRequest.reset(requests.address[request], "", !isGet);
    if (this.#hashesKey[proxy] === 1) upstreamRequest.hashKey = String(requests.address[request]);
    this.#tryNext(request, doneNs - nowNs);
  }

  #upstream(request: number): Upstream {
    return this.#requests.proxyWorker[request]!.upstream;
  }

  /** nginx's clock counts whole seconds of wall time. */
  #nowSeconds(): number {
    return WALL_CLOCK_START_MS / 1000 + Math.floor(this.#world.nowNs / NS_PER_SECOND);
  }

  /** Sends the request to the next server; `workNs` is what nginx itself needs first. */
  #tryNext(request: number, workNs: number): void {
    const { nowNs, queue } = this.#world;
    const requests = this.#requests;
    const pick = this.#upstream(request).pick(requests.upstream[request], this.#nowSeconds());
    if (pick === NO_LIVE_UPSTREAM) {
      this.#noLiveUpstream += 1;
      this.#answered502 += 1;
      this.#finishWithError(request);
      return;
    }
    const server = this.#serversOf[requests.proxy[request]][pick];
    this.#tries += 1;
    requests.server[request] = server;
    requests.tryNumber[request] += 1;
    const tryNumber = requests.tryNumber[request];
    const arrivalNs = Math.round(nowNs + workNs + this.#linkNs);
    requests.sentNs[request] = nowNs + workNs;
    const outcome = this.servers.accept(request, server, arrivalNs);
    if (outcome === TryOutcome.OK) {
      requests.sent[request] = 1;
      return;
    }
    requests.answer[request] = 0;
    const failsNs =
      outcome === TryOutcome.CONNECT_TIMEOUT
        ? nowNs + workNs + this.#configs[requests.proxy[request]].proxyConnectTimeoutMs * NS_PER_MS
        : arrivalNs + this.#linkNs;
    requests.failure[request] = outcome;
    queue.push(Math.round(failsNs), NGINX_TRY_FAILED, request, tryNumber);
  }

  /** The connection to the server broke after the request was sent. */
  resetLater(request: number, atNs: number): void {
    this.#requests.failure[request] = TryOutcome.RESET;
    this.#world.queue.push(
      Math.round(atNs + this.#linkNs),
      NGINX_TRY_FAILED,
      request,
      this.#requests.tryNumber[request],
    );
  }

  /** A ticket server's answer is on its way to nginx; returns when it is there. */
  get linkNs(): number {
    return this.#linkNs;
  }

  /** nginx will give up on this try if it is still open then. */
  watch(request: number): void {
    const requests = this.#requests;
    const { proxyReadTimeoutMs } = this.#configs[requests.proxy[request]];
    const dueNs = requests.sentNs[request] + proxyReadTimeoutMs * NS_PER_MS;
    this.#world.queue.push(
      Math.max(this.#world.nowNs, Math.round(dueNs)),
      NGINX_READ_TIMEOUT,
      request,
      requests.tryNumber[request],
    );
  }

  tryFailed(request: number, tryNumber: number): void {
    if (this.#requests.tryNumber[request] !== tryNumber) return;
    this.#released(request, this.#requests.failure[request]);
  }

  /** The server still has the request: nginx goes on with a copy, and the server's answer is void. */
  readTimeout(request: number, tryNumber: number): void {
    const requests = this.#requests;
    if (requests.tryNumber[request] !== tryNumber || requests.owner[request] === OWNER_NONE) return;
    const copy = requests.detach(request);
    this.#released(copy, TryOutcome.READ_TIMEOUT);
  }

  #released(request: number, outcome: TryOutcome): void {
    if (!this.#holds(request)) {
      this.#resetByDeadProxy(request);
      return;
    }
    const verdict = this.#upstream(request).release(
      this.#requests.upstream[request],
      outcome,
      this.#nowSeconds(),
    );
    switch (verdict) {
      case ReleaseVerdict.RETRY:
        this.#retries += 1;
        this.#tryNext(request, this.#serviceNs[this.#requests.proxy[request]]);
        return;
      case ReleaseVerdict.ANSWER_502:
        this.#answered502 += 1;
        break;
      case ReleaseVerdict.ANSWER_504:
        this.#answered504 += 1;
        break;
      default:
        break;
    }
    this.#finishWithError(request);
  }

  /** A ticket server's answer is here. */
  reply(request: number): void {
    const requests = this.#requests;
    if (requests.owner[request] === OWNER_NONE) {
      requests.release(request);
      return;
    }
    if (!this.#holds(request)) {
      this.#resetByDeadProxy(request);
      return;
    }
    const unavailable = requests.answer[request] === TRYAGAIN;
    const verdict = this.#upstream(request).release(
      requests.upstream[request],
      unavailable ? UNAVAILABLE : TryOutcome.OK,
      this.#nowSeconds(),
    );
    if (verdict === ReleaseVerdict.RETRY) {
      this.#retries += 1;
      this.#tryNext(request, this.#serviceNs[this.#requests.proxy[request]]);
      return;
    }
    this.#frontDoor.leave(request, FIN_BY_CLIENT);
    this.outside.answered(request, this.#world.nowNs + this.#frontDoor.returnNs);
  }

  /** False if the nginx, or its worker process that took the request, has died since. */
  #holds(request: number): boolean {
    const { proxy, proxyIncarnation, proxyWorker } = this.#requests;
    return (
      proxyIncarnation[request] === this.#incarnation[proxy[request]] &&
      proxyWorker[request]!.isAlive
    );
  }

  #finishWithError(request: number): void {
    this.#frontDoor.leave(request, FIN_BY_CLIENT);
    this.#answerError(request, this.#world.nowNs);
  }

  #resetByDeadProxy(request: number): void {
    this.#frontDoor.leave(request, RST_BY_SERVER);
    this.#answerError(request, this.#world.nowNs);
  }

  #answerError(request: number, nowNs: number): void {
    this.#requests.answer[request] = ERROR;
    this.outside.answered(request, nowNs + this.#frontDoor.returnNs);
  }

  // Faults.

  isUp(proxy: number): boolean {
    return this.#up[proxy];
  }

  dies(proxy: number): void {
    this.#up[proxy] = false;
    this.#incarnation[proxy] += 1;
  }

  /** A restarted nginx has forgotten its peers' failures and its place in the round. */
  starts(proxy: number): void {
    this.#up[proxy] = true;
    this.#workers[proxy] = this.#startWorkers(proxy);
  }

  /**
   * New worker processes, as after a start, serve from now on; an upstream's zone begins anew as
   * well. Those before them finish the requests that they have, each where it was picked.
   */
  reloads(proxy: number): void {
    if (this.#up[proxy]) this.#workers[proxy] = this.#startWorkers(proxy);
  }

  /** One worker process dies, and its clients see their connections break. */
  workerDies(proxy: number): void {
    if (this.#up[proxy]) this.#workers[proxy].killOldest();
  }

  layers(): LayerCounts["nginx"] {
    const { topology } = this.#world;
    return {
      requests: this.#connections,
      tries: this.#tries,
      retries: this.#retries,
      answered502: this.#answered502,
      answered504: this.#answered504,
      noLiveUpstream: this.#noLiveUpstream,
      dropped: this.#dropped,
      proxies: topology.nginx.map((name, i) => ({ name, requests: this.#requestsOf[i] })),
    };
  }
}
