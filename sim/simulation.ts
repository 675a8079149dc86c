/**
 * The simulation of one sale: it builds the world, lets events happen in order of virtual time,
 * and says in the end what the judge found.
 *
 * ```ts
 * const simulation = new Simulation({ seed: 12306n, scenario, strategy: "pre-deduct", plan }, preDeduct);
 * while (!simulation.advance(100_000));
 * console.log(simulation.result().verdict);
 * ```
 *
 * The same configuration gives the same trace hash, in any process and on any version of Node.
 */
import { INVARIANTS } from "../core/invariants/findings.ts";
import type { InvariantName } from "../core/invariants/findings.ts";
import { Judge } from "../core/invariants/judge.ts";
import type { Strategy } from "../core/strategy.ts";
import { Trace } from "./kernel/trace.ts";
import type { TraceListener } from "./kernel/trace.ts";
import type { InvariantResult, LatencySummary, RunConfig, SimulationResult } from "./result.ts";
import { Buyers } from "./world/buyers.ts";
import { Calls } from "./world/calls.ts";
import { Closing } from "./world/closing.ts";
import * as E from "./world/events.ts";
import { FrontDoor } from "./world/front-door.ts";
import { guardedStrategy, StrategyFailure } from "./world/guarded-strategy.ts";
import { Nemesis } from "./world/nemesis.ts";
import { Database } from "./world/order-database.ts";
import { OrderWorkers } from "./world/order-workers.ts";
import { Payments } from "./world/payments.ts";
import { Proxies } from "./world/proxies.ts";
import { Redis } from "./world/redis.ts";
import { ANSWERS, OWNER_BUYER, Requests } from "./world/requests.ts";
import { StockRecorder } from "./world/stock-recorder.ts";
import { TicketServers } from "./world/ticket-servers.ts";
import { buildTopology } from "./world/topology.ts";
import { TrafficRecorder } from "./world/traffic.ts";
import type { TrafficSample } from "./world/traffic.ts";
import { NS_PER_MS, World } from "./world/world.ts";

export interface Progress {
  readonly phase: "sale" | "healing" | "probing";
  readonly buyersArrived: number;
  readonly virtualMs: number;
  readonly ticketsTaken: number;
}

/** Kernel events that every run repeats to check its determinism: some hundredths of a second. */
const PREFIX_EVENTS = 20_000;

/** What the stock looked like when everything was settled, before any probe. */
interface Stock {
  readonly held: number;
  readonly confirmed: number;
  readonly free: number;
  readonly hoarded: number;
  readonly undersold: number;
}

export class Simulation {
  readonly #config: RunConfig;
  readonly #world: World;
  readonly #requests = new Requests();
  readonly #calls = new Calls();
  readonly #redis: Redis;
  readonly #database: Database;
  readonly #frontDoor: FrontDoor;
  readonly #proxies: Proxies;
  readonly #servers: TicketServers;
  readonly #workers: OrderWorkers;
  readonly #buyers: Buyers;
  readonly #payments: Payments;
  readonly #nemesis: Nemesis;
  readonly #closing: Closing;
  readonly #stockOverTime: StockRecorder;
  readonly #traffic: TrafficRecorder;
  #phase: Progress["phase"] = "sale";
  #healedNs = 0;
  #settled: Stock | null = null;
  #pending: readonly string[] = [];
  #failed = false;
  #done = false;

  constructor(config: RunConfig, strategy: Strategy, listener: TraceListener | null = null) {
    const { scenario, plan, seed } = config;
    const { sale, rules } = scenario;
    this.#config = config;
    const judge = new Judge({
      tickets: sale.tickets,
      // Under `strict` a payment must have arrived by the deadline itself.
      graceMs: sale.latePayment === "strict" ? 0 : sale.graceMs,
      refillBoundMs: rules.pollMs + rules.callTimeoutMs,
      replyBoundMs: rules.callTimeoutMs,
      authority: strategy.authority,
    });
    const topology = buildTopology(scenario);
    const trace = new Trace(listener);
    const guarded = guardedStrategy(strategy);
    const world = new World({ seed, scenario, topology, strategy: guarded, plan, judge, trace });
    this.#world = world;
    const requests = this.#requests;
    this.#redis = new Redis(world, this.#calls);
    this.#database = new Database(world, this.#calls);
    this.#frontDoor = new FrontDoor(world, requests);
    this.#proxies = new Proxies(world, requests, this.#frontDoor);
    this.#buyers = new Buyers(world, requests, this.#frontDoor, this.#redis);
    this.#payments = new Payments(world, requests, this.#frontDoor, this.#redis);
    this.#buyers.payments = this.#payments;
    this.#servers = new TicketServers(world, requests, this.#redis, this.#database);
    this.#workers = new OrderWorkers(world, this.#redis, this.#database);
    this.#nemesis = new Nemesis(world, {
      frontDoor: this.#frontDoor,
      proxies: this.#proxies,
      servers: this.#servers,
      redis: this.#redis,
      database: this.#database,
      workers: this.#workers,
      payments: this.#payments,
    });
    this.#closing = new Closing(world, requests, this.#servers);
    this.#stockOverTime = new StockRecorder();
    this.#traffic = new TrafficRecorder({
      buyers: this.#buyers,
      frontDoor: this.#frontDoor,
      proxies: this.#proxies,
      servers: this.#servers,
      redis: this.#redis,
      workers: this.#workers,
    });
    this.#traffic.look(0);
    this.#wire();
    world.queue.push(0, E.OPEN, 0, 0);
  }

  /** Everything starts, and the sale opens. */
  #open(): void {
    this.#redis.openSale();
    this.#servers.startAll();
    this.#workers.startAll();
    this.#frontDoor.changed();
    this.#closing.lookLater();
  }

  #wire(): void {
    const { judge } = this.#world;
    this.#proxies.servers = this.#servers;
    this.#servers.proxies = this.#proxies;
    this.#servers.direct = this.#closing;
    const repliesLost = this.#world.random.stream("buyer-replies");
    let replies = 0;
    this.#proxies.outside = {
      answered: (request, atNs) => {
        if (this.#requests.owner[request] !== OWNER_BUYER) {
          this.#payments.answered(request);
          return;
        }
        replies += 1;
        const { buyerRepliesLost } = this.#nemesis;
        if (buyerRepliesLost > 0 && repliesLost.chance(replies, buyerRepliesLost))
          this.#buyers.lost(request);
        else this.#buyers.answered(request, atNs);
      },
      lost: (request) => {
        if (this.#requests.owner[request] === OWNER_BUYER) this.#buyers.lost(request);
        else this.#payments.lost(request);
      },
    };
    const stockChanged = (): void => {
      const { held, confirmed } = this.#stockNow();
      this.#stockOverTime.changed(this.#world.nowNs, held, confirmed);
    };
    this.#redis.onStock = stockChanged;
    this.#database.onStock = stockChanged;
    this.#database.onRefund = (paymentId) =>
      judge.charges.refunded(paymentId, false, this.#world.nowMs);
  }

  /** Handles up to `eventsMax` kernel events; true when the run is over. */
  advance(eventsMax: number): boolean {
    try {
      for (let i = 0; i < eventsMax && !this.#done; i += 1) {
        this.#next();
        this.#kernelEvents += 1;
        if (this.#kernelEvents === PREFIX_EVENTS) this.#prefixHash = this.#world.trace.hash();
      }
    } catch (error) {
      this.#fail(error);
    }
    return this.#done;
  }

  #kernelEvents = 0;
  #prefixHash: string | null = null;

  /** Trace hash of the first kernel events, or of all if there were fewer: cheap to check again. */
  prefix(): { readonly events: number; readonly traceHash: string } {
    return {
      events: Math.min(this.#kernelEvents, PREFIX_EVENTS),
      traceHash: this.#prefixHash ?? this.#world.trace.hash(),
    };
  }

  /** A strategy that throws breaks its promise; anything else is a bug of the simulator. */
  #fail(error: unknown): void {
    if (!(error instanceof StrategyFailure)) throw error;
    this.#failed = true;
    this.#world.judge.findings.report(
      "conservation",
      this.#world.nowMs,
      `the strategy ${error.message}`,
    );
    this.#finish([]);
  }

  /** One event: the next arrival, or the head of the queue. */
  #next(): void {
    const world = this.#world;
    const { queue } = world;
    const arrivalNs = this.#buyers.nextArrivalNs;
    if (arrivalNs <= queue.peekTime()) {
      if (arrivalNs === Infinity) {
        // Nothing is left that could happen.
        this.#finish(this.#whatIsPending());
        return;
      }
      world.nowNs = arrivalNs;
      this.#buyers.arrive();
      return;
    }
    queue.pop();
    world.nowNs = queue.time;
    this.#dispatch(queue.kind, queue.slot, queue.argument);
  }

  #dispatch(kind: number, slot: number, argument: number): void {
    switch (kind) {
      case E.NGINX_ARRIVE:
        this.#proxies.arrive(slot);
        return;
      case E.SERVE:
        this.#servers.serve(slot);
        return;
      case E.NGINX_REPLY:
        this.#proxies.reply(slot);
        return;
      case E.NGINX_TRY_FAILED:
        this.#proxies.tryFailed(slot, argument);
        return;
      case E.NGINX_READ_TIMEOUT:
        this.#proxies.readTimeout(slot, argument);
        return;
      case E.BUYER_ACT:
        this.#buyers.act(slot, argument);
        return;
      case E.PAYMENT_DELIVER:
        this.#payments.deliver(slot);
        return;
      case E.SERVER_FLUSH:
        this.#servers.flush(slot, argument);
        return;
      case E.SERVER_TIMER:
        this.#servers.timer(argument);
        return;
      case E.WORKER_TIMER:
        this.#workers.timer(argument);
        return;
      case E.REDIS_ARRIVE:
        this.#redis.arrive(argument);
        return;
      case E.REDIS_PASS_END:
        this.#redis.endPass(slot);
        return;
      case E.CALL_REPLY:
        this.#redis.replyArrives(argument);
        return;
      case E.CALL_TIMEOUT:
        this.#redis.timedOut(argument);
        return;
      case E.DATABASE_ARRIVE:
        this.#database.arrive(argument);
        return;
      case E.DATABASE_COMMIT:
        this.#database.commit(argument);
        return;
      case E.FAULT_BEGIN:
        this.#traffic.fault(this.#world.nowNs);
        this.#nemesis.begin(slot);
        return;
      case E.FAULT_END:
        this.#traffic.fault(this.#world.nowNs);
        this.#nemesis.end(slot);
        return;
      case E.OSPF_ADVANCE:
        this.#frontDoor.changed();
        return;
      case E.DIRECTOR_CHECK:
        this.#frontDoor.check(slot, argument);
        return;
      case E.LOOK_AROUND:
        this.#lookAround();
        return;
      case E.OPEN:
        this.#open();
        return;
      case E.PROBE:
        this.#closing.probe(slot, argument);
        return;
      default:
        throw new Error(`no event kind ${kind}`);
    }
  }

  /** The story of a run: sale, healing, probes, end. */
  #lookAround(): void {
    const { nowNs } = this.#world;
    const stock = this.#stockNow();
    this.#traffic.look(nowNs);
    // Once every ticket is paid the sale is over, and nobody comes back to it.
    this.#buyers.saleIsOver = stock.confirmed >= this.#config.scenario.sale.tickets;
    if (this.#phase === "sale" && this.#buyers.allArrived && nowNs >= this.#nemesis.lastNs) {
      this.#phase = "healing";
      this.#healedNs = nowNs;
      this.#nemesis.heal();
    }
    if (this.#phase === "healing") {
      const resolved = this.#closing.resolveUnknown();
      const pending = this.#whatIsPending();
      if ((resolved && pending.length === 0) || nowNs > this.#boundNs()) {
        this.#phase = "probing";
        this.#pending = pending;
        this.#settled = { ...stock, undersold: this.#world.judge.demand.undersold() };
        this.#closing.startProbes(stock.free);
      }
    }
    if (this.#phase === "probing" && this.#closing.probesDone && this.#outboxBacklog() === 0) {
      this.#finish(this.#pending);
      return;
    }
    if (this.#phase === "probing" && nowNs > this.#boundNs() + 60_000 * NS_PER_MS) {
      this.#finish(this.#pending.length > 0 ? this.#pending : this.#whatIsPending());
      return;
    }
    this.#closing.lookLater();
  }

  /** By when everything must be settled: the last buyer's hold, its grace, and then some. */
  #boundNs(): number {
    const { sale, healing } = this.#config.scenario;
    const sinceNs = Math.max(this.#healedNs, this.#buyers.lastLeftNs, this.#buyers.patientUntilNs);
    const ms = sale.holdMs + sale.graceMs + healing.boundMs + this.#nemesis.clockJumpMs;
    return sinceNs + ms * NS_PER_MS;
  }

  #outboxBacklog(): number {
    const { outbox } = this.#world.strategy.counter;
    return outbox === null ? 0 : outbox.backlog(this.#redis.state);
  }

  /** What is not settled, as sentences. Holds without a deadline are pending for ever. */
  #whatIsPending(): string[] {
    const pending: string[] = [];
    const say = (count: number, what: string): void => {
      if (count > 0) pending.push(`${count} ${what}`);
    };
    say(this.#buyers.active, "buyers are still active");
    say(this.#payments.pending, "payments have no answer");
    say(this.#payments.busy - this.#payments.pending, "payment messages are under way");
    const stock = this.#stockNow();
    say(stock.held - stock.hoarded, "tickets are held and not yet due");
    say(this.#outboxBacklog(), "outbox events are not in the order book");
    return pending;
  }

  #stockNow(): Omit<Stock, "undersold"> {
    const { judge, strategy } = this.#world;
    if (strategy.authority === "counter") {
      const { held, confirmed, free } = judge.rows;
      // A hold leaves with its deadline: without one in the counter, nothing takes it back.
      return { held, confirmed, free, hoarded: 0 };
    }
    const { book } = this.#database;
    const confirmed = book.confirmed;
    const held = book.sold - confirmed;
    return { held, confirmed, free: book.total - book.sold, hoarded: held };
  }

  #finish(pending: readonly string[]): void {
    const { judge, strategy, nowMs } = this.#world;
    this.#done = true;
    this.#pending = pending;
    if (this.#failed) return;
    if (strategy.authority === "counter") this.#redis.audit();
    judge.finish(this.#database.book, this.#outboxBacklog() === 0, nowMs);
  }

  progress(): Progress {
    const stock = this.#stockNow();
    return {
      phase: this.#phase,
      buyersArrived: this.#buyers.arrived,
      virtualMs: this.#world.nowMs,
      ticketsTaken: stock.held + stock.confirmed,
    };
  }

  /** What every link and machine has carried, sampled over time, the last sample as of now. */
  traffic(): readonly TrafficSample[] {
    return this.#traffic.samples(this.#world.nowNs);
  }

  /** The summary; `partial` if the run was interrupted. */
  result(partial = false): SimulationResult {
    const { judge, trace, nowMs } = this.#world;
    const { scenario, plan, seed, strategy } = this.#config;
    const stock = this.#settled ?? {
      ...this.#stockNow(),
      undersold: judge.demand.undersold(),
    };
    const { outcomes } = this.#buyers;
    const { counts } = this.#redis;
    const { claims, demand, charges } = judge;
    const invariants = this.#invariants();
    const pending = [...this.#pending, ...this.#closing.probesFailed];
    if (partial) pending.push("the run was interrupted");
    if (stock.hoarded > 0) pending.push(`${stock.hoarded} tickets are held without a deadline`);
    const violated = invariants.some(({ ok }) => !ok);
    const perTicket = (count: number): number =>
      claims.acked === 0 ? 0 : Math.round((count / claims.acked) * 10_000) / 10_000;
    return {
      schemaVersion: 1,
      seed: seed.toString(),
      strategy,
      scenario: scenario.name,
      verdict: violated ? "violated" : pending.length > 0 ? "no-progress" : "passed",
      traceHash: trace.hash(),
      tickets: scenario.sale.tickets,
      buyers: this.#buyers.arrived,
      acked: claims.acked,
      held: stock.held,
      confirmed: stock.confirmed,
      free: stock.free,
      refused: outcomes.refused,
      tryAgain: outcomes.tryAgain,
      unknown: outcomes.unknown,
      unresolved: judge.unknownIds().length,
      oversold: claims.oversold,
      undersold: stock.undersold,
      falseSoldOut: demand.falseSoldOut,
      hoarded: stock.hoarded,
      chargedInVain: charges.chargedInVain,
      refunds: charges.refunds,
      probeSold: this.#closing.probeSold,
      counterCallsPerTicket: perTicket(counts.reserveItems),
      counterScriptsPerTicket: perTicket(counts.scriptCalls),
      events: trace.events,
      virtualSeconds: Math.round(nowMs) / 1000,
      partial,
      invariants,
      pending,
      faults: plan.episodes,
      layers: {
        ...this.#frontDoor.layers(),
        nginx: this.#proxies.layers(),
        servers: this.#servers.layers(),
        redis: counts,
        orders: {
          recorded: this.#workers.recorded,
          statements: this.#database.book.statements,
          statementsPerTicket: perTicket(this.#database.book.statements),
        },
      },
      latencies: this.#latencies(),
      stock: this.#stockOverTime.series(),
    };
  }

  #invariants(): InvariantResult[] {
    const { findings } = this.#world.judge;
    return INVARIANTS.map((name: InvariantName) => {
      const violation = findings.first(name);
      if (violation === undefined) return { name, ok: true, detail: HOLDS[name], atMs: null };
      const more = findings.count(name) - 1;
      const detail = more > 0 ? `${violation.detail} (and ${more} more)` : violation.detail;
      return { name, ok: false, detail, atMs: violation.atMs };
    });
  }

  #latencies(): LatencySummary[] {
    const summaries: LatencySummary[] = [];
    this.#buyers.latencies.forEach((histogram, code) => {
      if (histogram.count === 0) return;
      summaries.push({
        answer: ANSWERS[code]!,
        count: histogram.count,
        p50Ms: histogram.quantileUs(0.5) / 1000,
        p99Ms: histogram.quantileUs(0.99) / 1000,
        maxMs: histogram.maxUs / 1000,
      });
    });
    return summaries;
  }
}

/** What it means that an invariant holds. */
const HOLDS: Readonly<Record<InvariantName, string>> = {
  "no-oversell": "never more tickets acknowledged, or confirmed, than there are",
  "no-undersell": "no ticket stayed free while buyers who wanted it were refused",
  conservation: "free + held + confirmed = all tickets, after every call",
  "one-order": "one order for each reservation, in its state",
  "one-refund": "every charge that confirmed nothing goes back exactly once",
  "unknown-resolved": "every unknown outcome was resolved by its id",
  "buyer-limit": "no buyer over the limit, none refused below it",
  latch: "no server said sold out past the refill bound with stock left",
  "no-charge-in-vain": "nobody who paid in time was charged for nothing",
  determinism: "not checked yet",
};
