/**
 * The course of a run: the sale, then healing, then probes, then the end.
 *
 * Phase one is safety under faults. In phase two every fault is over, and everything must sell,
 * expire or be explained in bounded time.
 */
import type { Progress } from "../simulation.ts";
import { LOOK_AROUND } from "./events.ts";
import type { Machines } from "./machines.ts";
import { settledNow } from "./settled.ts";
import type { Settled } from "./settled.ts";
import { NS_PER_MS } from "./world.ts";

const LOOK_EVERY_MS = 500;
/** Probes are done by then, or will never be. */
const PROBING_MS_MAX = 60_000;

export class Course {
  readonly #machines: Machines;
  phase: Progress["phase"] = "sale";
  done = false;
  /** What was not settled at the end, as sentences. */
  pending: readonly string[] = [];
  /** Null until everything is settled. */
  settled: Settled | null = null;
  #healedNs = 0;

  constructor(machines: Machines) {
    this.#machines = machines;
  }

  lookLater(): void {
    this.#machines.world.after(LOOK_EVERY_MS * NS_PER_MS, LOOK_AROUND, 0, 0);
  }

  /** Looks whether it is time for the next phase. */
  lookAround(): void {
    const { world, buyers, nemesis, closing, traffic } = this.#machines;
    const { nowNs, scenario } = world;
    const stock = this.#machines.stock();
    traffic.look(nowNs);
    // Once every ticket is paid the sale is over, and nobody comes back to it.
    buyers.saleIsOver = stock.confirmed >= scenario.sale.tickets;
    if (this.phase === "sale" && buyers.allArrived && nowNs >= nemesis.lastNs) {
      this.phase = "healing";
      this.#healedNs = nowNs;
      nemesis.heal();
    }
    if (this.phase === "healing") {
      const resolved = closing.resolveUnknown();
      this.pending = this.#whatIsPending();
      if ((resolved && this.pending.length === 0) || nowNs > this.#boundNs()) {
        this.phase = "probing";
        this.settled = settledNow(this.#machines);
        closing.startProbes(stock.free);
      }
    }
    if (this.phase === "probing") {
      const over = nowNs > this.#boundNs() + PROBING_MS_MAX * NS_PER_MS;
      if (over && this.pending.length === 0) this.pending = this.#whatIsPending();
      if (over || (!closing.isProbing && this.#machines.outboxBacklog() === 0)) {
        this.finish();
        return;
      }
    }
    this.lookLater();
  }

  /** Nothing can happen any more. */
  nothingLeft(): void {
    this.pending = this.#whatIsPending();
    this.finish();
  }

  /** The end: the last checks. */
  finish(): void {
    const { world, redis, database } = this.#machines;
    const { judge, strategy, nowMs } = world;
    this.done = true;
    if (strategy.authority === "counter") redis.audit();
    const drained = this.#machines.outboxBacklog() === 0;
    judge.finish(database.book, drained, nowMs, this.settled?.undersold);
  }

  /** By when everything must be settled: the last buyer's hold, its grace, and then some. */
  #boundNs(): number {
    const { world, buyers, nemesis } = this.#machines;
    const { sale, healing } = world.scenario;
    const sinceNs = Math.max(this.#healedNs, buyers.lastLeftNs, buyers.patientUntilNs);
    const ms = sale.holdMs + sale.graceMs + healing.boundMs + nemesis.clockJumpMs;
    return sinceNs + ms * NS_PER_MS;
  }

  /** What is not settled, as sentences. Hoarded tickets are never settled, and told apart. */
  #whatIsPending(): string[] {
    const { buyers, payments } = this.#machines;
    const { held, hoarded } = this.#machines.stock();
    const pending: string[] = [];
    const say = (count: number, what: string): void => {
      if (count > 0) pending.push(`${count} ${what}`);
    };
    say(buyers.active, "buyers are still active");
    say(payments.pending, "payments have no answer");
    say(payments.busy - payments.pending, "payment messages are under way");
    say(held - hoarded, "tickets are held and not yet due");
    say(this.#machines.outboxBacklog(), "outbox events are not in the order book");
    return pending;
  }
}
