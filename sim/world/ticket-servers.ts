/**
 * Ticket server processes: one thread each, driving the strategy's server component. Here its
 * effects are carried out and their completions come back as inputs.
 */
import type { ServerEffect, ServerInput } from "../../core/strategy.ts";
import { deathsSurvived, slices } from "../../core/quota.ts";
import { TryOutcome } from "../network/nginx/outcome.ts";
import type { LayerCounts } from "../result.ts";
import type { Caller, Reply } from "./calls.ts";
import { StrategyFailure } from "./guarded-strategy.ts";
import { NGINX_REPLY, SERVE, SERVER_FLUSH, SERVER_TIMER } from "./events.ts";
import type { Database } from "./order-database.ts";
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
import { createProcess, linkOpen, unlinkOpen } from "./server-process.ts";
import type { ServerProcess } from "./server-process.ts";
import { NS_PER_MS, NS_PER_US } from "./world.ts";
import type { World } from "./world.ts";

export class TicketServers implements Caller {
  readonly #world: World;
  readonly #requests: Requests;
  readonly #redis: Redis;
  readonly #database: Database;
  readonly #slices: readonly number[];
  readonly #processes: ServerProcess[] = [];
  readonly #timers = new Map<number, { server: number; incarnation: number; timer: string }>();
  readonly #out: ServerEffect[] = [];
  readonly #serviceNs: number;
  readonly #backlogNs: number;
  readonly #quickRefusal: ((state: unknown, qty: number, nowMs: number) => string | null) | null;
  proxies!: Proxies;
  /** Receives answers to requests that came from outside nginx. */
  direct!: { answered(request: number, atNs: number): void };
  #nextTimer = 1;
  #quickRefusals = 0;
  #refusedOnFullQueue = 0;

  constructor(world: World, requests: Requests, redis: Redis, database: Database) {
    const { scenario, strategy, topology } = world;
    this.#world = world;
    this.#requests = requests;
    this.#redis = redis;
    this.#database = database;
    this.#serviceNs = scenario.servers.serviceUs * NS_PER_US;
    this.#backlogNs = this.#serviceNs * scenario.servers.queueLimit;
    this.#quickRefusal = strategy.server.quickRefusal ?? null;
    const weights = scenario.servers.weights ?? topology.servers.map(() => 1);
    this.#slices = slices(scenario.sale.tickets, weights);
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
    const { sale, rules, quota, servers } = scenario;
    process.state = strategy.server.create({
      name: topology.servers[server],
      incarnation: process.incarnation,
      slice: this.#slices[server],
      buffer: servers.buffer,
      epoch: 1,
      sale: {
        saleId: scenario.name,
        tickets: sale.tickets,
        holdMs: sale.holdMs,
        graceMs: sale.graceMs,
        maxPerBuyer: sale.maxPerBuyer,
        latePayment: sale.latePayment,
        retainMs: retainMs(scenario),
      },
      rules: { refill: quota.refill, ...rules },
    });
    this.#give(server, { type: "start" });
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
      return TryOutcome.REFUSED;
    }
    const doneNs = Math.round(startNs + this.#serviceNs * process.slowFactor);
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
      this.#connectionBroken(request);
      return;
    }
    if (process.paused) {
      process.backlog.push(() => this.serve(request));
      if (!this.#isDirect(request)) this.proxies.watch(request);
      return;
    }
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
        this.#give(server, { type: "buy", handle: request, id, buyer, qty });
        break;
      }
      case PAY: {
        const paymentId = requests.paymentId[request];
        this.#give(server, { type: "pay", handle: request, id, paymentId });
        break;
      }
      case CANCEL:
        this.#give(server, { type: "cancel", handle: request, id });
        break;
      case QUERY:
        this.#give(server, { type: "query", handle: request, id });
        break;
      default:
        throw new Error(`no request kind ${requests.kind[request]}`);
    }
    // Only who has to wait can wait too long.
    if (requests.open[request] === 1 && !this.#isDirect(request)) this.proxies.watch(request);
  }

  flush(server: number, incarnation: number): void {
    this.#giveIfSame(server, incarnation, { type: "flush" });
  }

  timer(number: number): void {
    const { server, incarnation, timer } = this.#timers.get(number)!;
    this.#timers.delete(number);
    this.#giveIfSame(server, incarnation, { type: "timer", timer });
  }

  completed(server: number, incarnation: number, op: number, reply: Reply): void {
    const process = this.#processes[server];
    if (process.diesAtReply && reply.to === "counter" && process.incarnation === incarnation) {
      this.dies(server);
      return;
    }
    switch (reply.to) {
      case "counter":
        this.#giveIfSame(server, incarnation, { type: "counter-reply", op, reply: reply.reply });
        return;
      case "database":
        this.#giveIfSame(server, incarnation, { type: "database-reply", op, reply: reply.reply });
        return;
      case "error":
        this.#giveIfSame(server, incarnation, {
          type: this.#world.strategy.authority === "counter" ? "counter-failed" : "database-failed",
          op,
          error: reply.error,
        });
        return;
      default:
        throw new Error(`a ticket server got a reply to ${reply.to}`);
    }
  }

  #giveIfSame(server: number, incarnation: number, input: ServerInput): void {
    const process = this.#processes[server];
    if (!process.alive || process.incarnation !== incarnation) return;
    if (process.paused) process.backlog.push(() => this.#giveIfSame(server, incarnation, input));
    else this.#give(server, input);
  }

  #give(server: number, input: ServerInput): void {
    const process = this.#processes[server];
    const out = this.#out;
    const nowMs = (this.#world.nowNs - process.startNs) / NS_PER_MS;
    this.#world.strategy.server.step(process.state, input, nowMs, out);
    // Carrying an effect out never calls the strategy again, so `out` is not written meanwhile.
    for (const effect of out) this.#carryOut(server, process, effect);
    out.length = 0;
  }

  #carryOut(server: number, process: ServerProcess, effect: ServerEffect): void {
    const { incarnation } = process;
    switch (effect.type) {
      case "answer":
      case "pay-answer":
      case "cancel-answer":
        this.#answer(server, process, effect);
        return;
      case "call-counter": {
        const { op, call } = effect;
        const open = { caller: this, index: server, incarnation, op, reply: null } as const;
        this.#redis.send({ ...open, asked: { to: "counter", call } }, server, effect.timeoutMs);
        return;
      }
      case "call-database": {
        const { op, call } = effect;
        const open = { caller: this, index: server, incarnation, op, reply: null } as const;
        this.#database.send({ ...open, asked: { to: "database", call } }, effect.timeoutMs);
        return;
      }
      case "flush-soon":
        this.#world.after(0, SERVER_FLUSH, server, incarnation);
        return;
      case "timer": {
        const number = this.#nextTimer;
        this.#nextTimer += 1;
        this.#timers.set(number, { server, incarnation, timer: effect.timer });
        this.#world.after(effect.afterMs * NS_PER_MS, SERVER_TIMER, 0, number);
        return;
      }
    }
  }

  #answer(
    server: number,
    process: ServerProcess,
    effect: Extract<ServerEffect, { readonly handle: number }>,
  ): void {
    const requests = this.#requests;
    const request = effect.handle;
    if (requests.open[request] !== 1 || requests.server[request] !== server)
      throw new StrategyFailure(
        `answered handle ${request}, to which ${this.#world.topology.servers[server]} owes nothing`,
      );
    requests.answer[request] = answerCode(effect.answer);
    requests.deadlineMs[request] = 0;
    if (effect.type === "answer") {
      this.#world.judge.answered(effect, requests.qty[request], this.#world.nowMs);
      if (effect.answer === "ACK") {
        requests.deadlineMs[request] = effect.deadlineMs;
        requests.claim[request] = effect.paid ? 1 : 0;
      } else if (effect.answer === "TRYAGAIN") {
        requests.claim[request] = effect.reason === "quota" ? 1 : 0;
      }
    } else if (effect.type === "cancel-answer" && effect.answer === "CANCELLED") {
      this.#world.judge.cancelled(requests.idOf(request));
    }
    unlinkOpen(requests, process, request);
    this.#reply(request);
  }

  #reply(request: number): void {
    const { nowNs, queue } = this.#world;
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
      deathsSurvivedByBuffer: deathsSurvived(
        scenario.sale.tickets,
        this.#slices,
        scenario.servers.buffer,
      ),
      perServer: topology.servers.map((name, i) => ({
        name,
        slice: this.#slices[i],
        requests: this.#processes[i].requests,
        crashes: this.#processes[i].crashes,
      })),
    };
  }
}

/** Rows outlive every request that may still name them. */
export function retainMs(scenario: World["scenario"]): number {
  const { rules, sale, buyers } = scenario;
  return Math.ceil(
    rules.requestLifetimeMs + sale.holdMs + sale.graceMs + buyers.timeoutMs + 3_600_000,
  );
}
