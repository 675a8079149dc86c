/**
 * One sale on real parts, from its opening to its end; what comes out is its history.
 *
 * The same two phases as in the simulator (`sim/world/course.ts`): first buyers and faults come as
 * planned. Then every fault ends, and in bounded time everything must sell, expire or be explained.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { bookRecords } from "../../core/history/history.ts";
import type { Interrupt } from "../../sim/cli/interrupt.ts";
import type { Strategy } from "../../core/strategy.ts";
import type { Episode } from "../../sim/faults/vocabulary.ts";
import type { RunConfig } from "../../sim/result.ts";
import { Buyers } from "../load/buyers.ts";
import { RunClock } from "../load/clock.ts";
import { Nemesis } from "../nemesis/nemesis.ts";
import { Recorder } from "./recorder.ts";
import type { RunFolder } from "./run-folder.ts";
import { runRecord } from "./run-record.ts";
import type { Observers } from "./observers.ts";
import type { Stack } from "./stack.ts";
import { auditRecord, AuditWatch, DatabaseWatch, OutboxWatch } from "./stock-watch.ts";
import type { Stock, StockWatch } from "./stock-watch.ts";
import type { RealRun } from "../verdict/summarise.ts";
import { ReserveItems } from "./reserve-items.ts";

const LOOK_EVERY_MS = 200;
/** Servers are asked for their own counts less often: it is one request to each. */
const ASK_EVERY_MS = 1000;
/** Addresses that buyers come from, where nginx goes by address. */
const SOURCE_ADDRESSES = 200;
/** After the sale, until the order workers have written everything down. */
const DRAIN_MS_MAX = 30_000;

export interface RealProgress {
  readonly phase: "sale" | "healing" | "probing";
  readonly buyersArrived: number;
  readonly runMs: number;
  readonly ticketsTaken: number;
}

export interface RealRunOptions {
  readonly config: RunConfig;
  readonly strategy: Strategy;
  readonly stack: Stack;
  readonly observers: Observers;
  readonly folder: RunFolder;
  readonly interrupt: Interrupt;
  readonly onProgress: (progress: RealProgress) => void;
}

export class SaleRun {
  readonly #options: RealRunOptions;
  readonly #clock = new RunClock();
  readonly #recorder: Recorder;
  readonly #nemesis: Nemesis;
  readonly #faultsBegan = new Map<Episode, number>();
  readonly #watch: StockWatch;
  readonly #reserveItems = new ReserveItems();
  #askedMs = 0;
  #stock: Stock = { held: 0, confirmed: 0, backlog: 0 };
  #phase: RealProgress["phase"] = "sale";
  #pending: readonly string[] = [];
  /** Calls to the counter when everything was settled; null before. */
  #settledCalls: RealRun["counter"] = null;

  constructor(options: RealRunOptions) {
    const { config, strategy, stack, folder } = options;
    this.#options = options;
    const record = runRecord(config, strategy, this.#clock.startUnixMs);
    this.#recorder = new Recorder(record, folder.pathOf("history.jsonl"));
    this.#watch = this.#createWatch();
    this.#nemesis = new Nemesis({
      plan: config.plan,
      topology: stack.topology,
      stage: stack,
      onFault: (episode, begins) => this.#fault(episode, begins),
    });
  }

  /** The sale itself: buyers, faults, healing, probes, the last look at the books. */
  async play(): Promise<RealRun> {
    const { config, stack } = this.#options;
    const { scenario, seed } = config;
    const byAddress = /hash/u.test(scenario.nginx.method);
    const buyers = new Buyers({
      scenario,
      seed,
      fronts: stack.fronts,
      clock: this.#clock,
      history: this.#recorder,
      faults: stack.load,
      ...(byAddress && { sourceAddresses: SOURCE_ADDRESSES }),
    });
    const gone = buyers.run();
    // Looked at below, when it is time to.
    gone.catch(() => {});
    try {
      this.#nemesis.start();
      const settled = await this.#untilSettled(buyers);
      if (settled) await this.#probe(buyers);
      // Whoever is still there past the bound waits for something that will not come.
      buyers.stop();
      await gone;
      await this.#lastLook(settled);
    } finally {
      this.#nemesis.stop();
      buyers.close();
      this.#recorder.close();
    }
    return this.#outcome(buyers);
  }

  #createWatch(): StockWatch {
    const { stack, observers } = this.#options;
    const { counter } = stack;
    const { log, store } = observers;
    if (counter === null) return new DatabaseWatch(store!, this.#clock, this.#recorder);
    if (log === null) return new AuditWatch(counter);
    return new OutboxWatch(log, counter, this.#clock, this.#recorder);
  }

  /** False if it was interrupted. */
  async #untilSettled(buyers: Buyers): Promise<boolean> {
    const { config, stack, interrupt } = this.#options;
    const { sale, healing } = config.scenario;
    let activeMs = 0;
    let healedMs = 0;
    while (!interrupt.requested) {
      await sleep(LOOK_EVERY_MS);
      await this.#look(buyers);
      const nowMs = this.#clock.nowMs();
      if (buyers.active > 0) activeMs = nowMs;
      if (this.#phase === "sale" && buyers.allArrived && nowMs >= this.#nemesis.lastMs) {
        await this.#nemesis.heal();
        healedMs = this.#clock.nowMs();
        this.#phase = "healing";
      }
      if (this.#phase !== "healing") continue;
      const unknown = buyers.active > 0 ? 0 : await buyers.resolveUnknown(urlsOf(stack));
      this.#pending = this.#whatIsPending(buyers);
      const boundMs = Math.max(healedMs, activeMs) + sale.holdMs + sale.graceMs + healing.boundMs;
      if ((unknown === 0 && this.#pending.length === 0) || nowMs > boundMs) return true;
    }
    this.#pending = this.#whatIsPending(buyers);
    return false;
  }

  async #probe(buyers: Buyers): Promise<void> {
    const { config, stack } = this.#options;
    this.#recorder.add({ type: "settled", atMs: this.#clock.nowMs() });
    this.#phase = "probing";
    // What probes ask for is no sale, and its calls are nobody's.
    await this.#lookAtCalls(true);
    this.#settledCalls = this.#counterCalls();
    const { held, confirmed } = this.#stock;
    if (held + confirmed < config.scenario.sale.tickets) await buyers.probe(urlsOf(stack));
  }

  /** Until everything issued is in the order book; then the counter and the book are read. */
  async #lastLook(settled: boolean): Promise<void> {
    const { strategy, stack, observers } = this.#options;
    const { store } = observers;
    const deadlineMs = this.#clock.nowMs() + (settled ? DRAIN_MS_MAX : 0);
    do {
      await this.#look(null);
      if (this.#stock.backlog === 0) break;
      await sleep(LOOK_EVERY_MS);
    } while (this.#clock.nowMs() < deadlineMs);
    for (const episode of this.#faultsBegan.keys()) this.#recordFault(episode, null);
    // In the middle of a fault there may be nobody to read the books from.
    if (!settled) return;
    const atMs = this.#clock.nowMs();
    if (stack.counter !== null) this.#recorder.add(await auditRecord(stack.counter, atMs));
    if (store !== null) {
      const drained = strategy.counter.outbox === null || this.#stock.backlog === 0;
      for (const record of bookRecords(await store.dump(), drained, atMs))
        this.#recorder.add(record);
    }
    // After the audit: nothing is under way, so that what it tells is all recorded.
    await this.#look(null);
  }

  /** Looks at the stock; while the authority is out of reach the last look stands. */
  async #look(buyers: Buyers | null): Promise<void> {
    const { config, onProgress } = this.#options;
    try {
      this.#stock = await this.#watch.look();
    } catch {
      // A fault: Redis is down or stalled, or the order database is.
    }
    await this.#lookAtCalls(buyers === null);
    if (buyers === null) return;
    const { held, confirmed } = this.#stock;
    if (confirmed >= config.scenario.sale.tickets) buyers.endSale();
    onProgress({
      phase: this.#phase,
      buyersArrived: buyers.arrived,
      runMs: this.#clock.nowMs(),
      ticketsTaken: held + confirmed,
    });
  }

  async #lookAtCalls(isLast: boolean): Promise<void> {
    const { observers, stack } = this.#options;
    await observers.scriptCalls?.look();
    const nowMs = this.#clock.nowMs();
    if (!isLast && nowMs - this.#askedMs < ASK_EVERY_MS) return;
    this.#askedMs = nowMs;
    await this.#reserveItems.look(stack.servingServers);
  }

  /** What is not settled, as sentences. Hoarded tickets are never settled, and told apart. */
  #whatIsPending(buyers: Buyers): string[] {
    const pending: string[] = [];
    const say = (count: number, what: string): void => {
      if (count > 0) pending.push(`${count} ${what}`);
    };
    const { held, backlog } = this.#stock;
    say(buyers.active, "buyers are still active");
    say(buyers.payments.pending, "payments have no answer");
    if (this.#options.strategy.authority === "counter")
      say(held, "tickets are held and not yet due");
    say(backlog, "outbox events are not in the order book");
    say(this.#options.stack.supervisor.restarting, "processes are being started again");
    return pending;
  }

  #fault(episode: Episode, begins: boolean): void {
    if (begins) this.#faultsBegan.set(episode, this.#clock.nowMs());
    else this.#recordFault(episode, this.#clock.nowMs());
  }

  #recordFault(episode: Episode, endMs: number | null): void {
    const { kind, target = null } = episode;
    const atMs = this.#faultsBegan.get(episode)!;
    this.#faultsBegan.delete(episode);
    this.#recorder.add({ type: "fault", kind, target, atMs, endMs });
  }

  /** Calls to the counter so far; null where there is none. */
  #counterCalls(): RealRun["counter"] {
    const { scriptCalls } = this.#options.observers;
    if (scriptCalls === null) return null;
    return { scriptCalls: scriptCalls.count, reserveItems: this.#reserveItems.total };
  }

  #outcome(buyers: Buyers): RealRun {
    const { config, interrupt, stack } = this.#options;
    const startMs = performance.now() - this.#clock.nowMs();
    return {
      history: this.#recorder.history(),
      buyers,
      faults: config.plan.episodes,
      counter: this.#settledCalls ?? this.#counterCalls(),
      pending: [...this.#pending, ...this.#nemesis.failures],
      unplannedDeaths: stack.supervisor.deaths.map(({ process, signal, monotonicMs }) => ({
        process,
        signal,
        atMs: Math.round(monotonicMs - startMs),
      })),
      partial: interrupt.requested,
    };
  }
}

function urlsOf({ servingServers }: Stack): string[] {
  return servingServers.map(({ url }) => url);
}
