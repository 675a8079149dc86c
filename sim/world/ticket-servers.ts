/**
 * Ticket server processes, one thread each: they start, die and pause, take requests in and send
 * answers out. In between the strategy decides: `server-driver.ts`.
 */
import { serviceDraw } from "../kernel/service-law.ts";
import type { ServiceDraw } from "../kernel/service-law.ts";
import { TryOutcome } from "../network/nginx/outcome.ts";
import type { LayerCounts } from "../result.ts";
import { deathsCovered, slicesOf } from "../scenario/slices.ts";
import { NGINX_REPLY, SERVE } from "./events.ts";
import type { Database } from "./order-database.ts";
import { serverConfig } from "./process-configs.ts";
import type { Proxies } from "./proxies.ts";
import type { Redis } from "./redis.ts";
import {
  answerCode,
  BUY,
  CANCEL,
  OWNER_NONE,
  OWNER_PROBE,
  OWNER_RESOLVER,
  PAY,
  QUERY,
  SOLDOUT,
} from "./requests.ts";
import type { Requests } from "./requests.ts";
import { ServerDriver } from "./server-driver.ts";
import { createProcess, linkOpen, unlinkOpen } from "./server-process.ts";
import type { ServerProcess } from "./server-process.ts";
import { StationMeter } from "./station-meter.ts";
import { NS_PER_MS, NS_PER_US } from "./world.ts";
import type { World } from "./world.ts";

export class TicketServers {
  readonly #world: World;
  readonly #requests: Requests;
  readonly driver: ServerDriver;
  readonly #slices: readonly number[];
  readonly #processes: ServerProcess[] = [];
  readonly #serviceNs: number;
  /** Null: every request takes the same time. */
  readonly #serviceDraw: ServiceDraw | null;
  readonly meter = new StationMeter();
  readonly #backlogNs: number;
  readonly #quickRefusal: ((state: unknown, qty: number, nowMs: number) => string | null) | null;
  proxies!: Proxies;
  /** Receives answers to requests that came from outside nginx. */
  direct!: { answered(request: number, atNs: number): void };
  #quickRefusals = 0;
  #refusedOnFullQueue = 0;

  constructor(world: World, requests: Requests, redis: Redis, database: Database) {
    const { scenario, strategy, topology } = world;
    this.#world = world;
    this.#requests = requests;
    const host = {
      reply: (request: number) => this.#reply(request),
      dies: (server: number) => this.dies(server),
    };
    this.driver = new ServerDriver(world, requests, redis, database, this.#processes, host);
    this.#serviceNs = scenario.servers.serviceUs * NS_PER_US;
    this.#serviceDraw = serviceDraw(
      scenario.servers.serviceLaw,
      world.random.stream("servers/service"),
    );
    this.#backlogNs = this.#serviceNs * scenario.servers.queueLimit;
    this.#quickRefusal = strategy.server.quickRefusal ?? null;
    this.#slices = slicesOf(scenario);
    topology.servers.forEach(() => this.#processes.push(createProcess()));
  }

  /** Starts them all, as the operator does before the sale. */
  startAll(): void {
    for (let server = 0; server < this.#processes.length; server += 1) this.starts(server);
  }

  /** Starts a process, or starts it again with nothing but its configuration. */
  starts(server: number): void {
    const { scenario, strategy, topology, nowNs } = this.#world;
    const process = this.#processes[server];
    process.diesAtReply = false;
    if (process.alive) return;
    process.alive = true;
    process.paused = false;
    process.incarnation += 1;
    process.startNs = nowNs;
    process.freeNs = nowNs;
    process.backlog.length = 0;
    const name = topology.servers[server];
    const { incarnation } = process;
    process.state = strategy.server.create(
      serverConfig(scenario, scenario.name, { name, incarnation, slice: this.#slices[server] }),
    );
    this.driver.give(server, { type: "start" });
  }

  /** The process dies: its memory and its connections are gone. */
  dies(server: number): void {
    const process = this.#processes[server];
    if (!process.alive) return;
    process.alive = false;
    process.paused = false;
    process.crashes += 1;
    let request = process.openHead;
    while (request >= 0) {
      const next = this.#requests.nextOpen[request];
      unlinkOpen(this.#requests, process, request);
      this.#connectionBroken(request);
      request = next;
    }
    for (const entry of process.backlog.splice(0)) entry();
  }

  #connectionBroken(request: number): void {
    const { owner } = this.#requests;
    if (owner[request] === OWNER_NONE) this.#requests.release(request);
    else if (this.#isDirect(request)) {
      this.#requests.answer[request] = answerCode("ERROR");
      this.direct.answered(request, this.#world.nowNs);
    } else this.proxies.resetLater(request, this.#world.nowNs);
  }

  #isDirect(request: number): boolean {
    const owner = this.#requests.owner[request];
    return owner === OWNER_PROBE || owner === OWNER_RESOLVER;
  }

  dieAtNextReply(server: number): void {
    this.#processes[server].diesAtReply = true;
  }

  pauses(server: number): void {
    if (this.#processes[server].alive) this.#processes[server].paused = true;
  }

  resumes(server: number): void {
    const process = this.#processes[server];
    if (!process.paused) return;
    process.paused = false;
    for (const entry of process.backlog.splice(0)) entry();
  }

  cutFront(server: number, cut: boolean): void {
    this.#processes[server].frontCut = cut;
  }

  slow(server: number, factor: number): void {
    this.#processes[server].slowFactor = factor;
  }

  isAlive(server: number): boolean {
    return this.#processes[server].alive;
  }

  /** True if it would answer a request now. */
  isServing(server: number): boolean {
    const process = this.#processes[server];
    return process.alive && !process.paused && !process.frontCut;
  }

  /** A connection arrives at `arrivalNs`; OK if the server will work on its request. */
  accept(request: number, server: number, arrivalNs: number): number {
    const process = this.#processes[server];
    if (process.frontCut) return TryOutcome.CONNECT_TIMEOUT;
    if (!process.alive) return TryOutcome.REFUSED;
    const startNs = Math.max(arrivalNs, process.freeNs);
    if (startNs - arrivalNs > this.#backlogNs * process.slowFactor) {
      this.#refusedOnFullQueue += 1;
      this.meter.refuses();
      return TryOutcome.REFUSED;
    }
    const serviceNs =
      this.#serviceDraw === null
        ? this.#serviceNs
        : this.#serviceNs * this.#serviceDraw(this.#requests.keyOf(request), server);
    const doneNs = Math.round(startNs + serviceNs * process.slowFactor);
    this.meter.joins(arrivalNs);
    this.meter.plans(arrivalNs, startNs, doneNs);
    process.freeNs = doneNs;
    process.requests += 1;
    this.#requests.serverIncarnation[request] = process.incarnation;
    this.#world.queue.push(doneNs, SERVE, request, this.#requests.tryNumber[request]);
    return TryOutcome.OK;
  }

  /** The thread has read the request: the strategy decides. */
  serve(request: number): void {
    const requests = this.#requests;
    const server = requests.server[request];
    const process = this.#processes[server];
    if (!process.alive || process.incarnation !== requests.serverIncarnation[request]) {
      this.meter.leaves(this.#world.nowNs);
      this.#connectionBroken(request);
      return;
    }
    if (process.paused) {
      process.backlog.push(() => this.serve(request));
      if (!this.#isDirect(request)) this.proxies.watch(request);
      return;
    }
    this.meter.leaves(this.#world.nowNs);
    const { judge, nowMs } = this.#world;
    const qty = requests.qty[request];
    const processMs = (this.#world.nowNs - process.startNs) / NS_PER_MS;
    if (requests.kind[request] === BUY && this.#quickRefusal !== null) {
      const refusal = this.#quickRefusal(process.state, qty, processMs);
      if (refusal !== null) {
        this.#quickRefusals += 1;
        judge.demand.soldOut(qty, nowMs);
        requests.answer[request] = SOLDOUT;
        this.#reply(request);
        return;
      }
    }
    linkOpen(requests, process, request);
    const id = requests.idOf(request);
    switch (requests.kind[request]) {
      case BUY: {
        const buyer = requests.buyerOf(request);
        this.driver.give(server, { type: "buy", handle: request, id, buyer, qty });
        break;
      }
      case PAY: {
        const paymentId = requests.paymentId[request];
        this.driver.give(server, { type: "pay", handle: request, id, paymentId });
        break;
      }
      case CANCEL:
        this.driver.give(server, { type: "cancel", handle: request, id });
        break;
      case QUERY:
        this.driver.give(server, { type: "query", handle: request, id });
        break;
      default:
        throw new Error(`no request kind ${requests.kind[request]}`);
    }
    // Only who has to wait can wait too long.
    if (requests.open[request] === 1 && !this.#isDirect(request)) this.proxies.watch(request);
  }

  #reply(request: number): void {
    const { nowNs, queue, falseSoldOuts, judge } = this.#world;
    falseSoldOuts?.answers(request, judge.demand.falseSoldOut);
    if (this.#isDirect(request)) {
      this.direct.answered(request, nowNs);
      return;
    }
    queue.push(
      nowNs + this.proxies.linkNs,
      NGINX_REPLY,
      request,
      this.#requests.tryNumber[request],
    );
    // The answer is on its way: nginx no longer waits for the server, only for the wire.
    this.#requests.tryNumber[request] += 1;
  }

  layers(): LayerCounts["servers"] {
    const { topology, scenario } = this.#world;
    return {
      requests: this.#processes.reduce((sum, process) => sum + process.requests, 0),
      quickRefusals: this.#quickRefusals,
      refusedOnFullQueue: this.#refusedOnFullQueue,
      crashes: this.#processes.reduce((sum, process) => sum + process.crashes, 0),
      deathsSurvivedByBuffer: deathsCovered(scenario),
      perServer: topology.servers.map((name, i) => ({
        name,
        slice: this.#slices[i],
        requests: this.#processes[i].requests,
        crashes: this.#processes[i].crashes,
      })),
    };
  }
}
