/** What a buyer makes of an answer: he pays or forgets, gives up, asks again or comes back. */
import { CHARGE, SEND_BUY, SEND_CANCEL, SEND_QUERY } from "./buyer-agenda.ts";
import type { BuyerAgenda } from "./buyer-agenda.ts";
import { VISITS_MAX } from "./buyer-draws.ts";
import type { BuyerDraws } from "./buyer-draws.ts";
import { FLAG_BOT } from "./buyer-pool.ts";
import type { BuyerPool } from "./buyer-pool.ts";
import type { Redis } from "./redis.ts";
import { ANSWERS, CANCEL, QUERY, reservationId } from "./requests.ts";
import { NS_PER_MS } from "./world.ts";
import type { World } from "./world.ts";

/** The payment page shows the deadline: whoever means to pay in time pays this long before it. */
const PAYS_BEFORE_DEADLINE_NS = 50 * NS_PER_MS;

export class BuyerReactions {
  readonly #world: World;
  readonly #pool: BuyerPool;
  readonly #agenda: BuyerAgenda;
  readonly #draws: BuyerDraws;
  readonly #redis: Redis;
  /** Nobody comes back any more. */
  saleIsOver = false;
  readonly outcomes = { acked: 0, refused: 0, tryAgain: 0, unknown: 0 };

  constructor(world: World, pool: BuyerPool, agenda: BuyerAgenda, draws: BuyerDraws, redis: Redis) {
    this.#world = world;
    this.#pool = pool;
    this.#agenda = agenda;
    this.#draws = draws;
    this.#redis = redis;
  }

  /**
   * A buyer hears an answer at `heardNs`. `flag` is the request's `claim`; `deadlineMs` is counter
   * time, 0 for none.
   */
  react(
    slot: number,
    kind: number,
    answer: number,
    flag: number,
    deadlineMs: number,
    heardNs: number,
  ): void {
    const pool = this.#pool;
    switch (ANSWERS[answer]) {
      case "ACK":
        this.outcomes.acked += 1;
        if (flag === 1) this.#agenda.leave(slot);
        else this.#hold(slot, deadlineMs, heardNs);
        return;
      case "SOLDOUT":
        this.#refused(slot, heardNs);
        return;
      case "USERLIMIT":
        this.outcomes.refused += 1;
        this.#agenda.leave(slot);
        return;
      case "TRYAGAIN":
        if (kind === CANCEL) {
          // He leaves it at that: the hold runs out by itself.
          this.#agenda.leave(slot);
          return;
        }
        // Nothing is deducted under this id, so the next try may take a new one. A bot has its next
        // request out already.
        pool.mayHold[slot] = 0;
        if (pool.flags[slot] === 0 && this.#mayRetry(slot)) {
          this.#nextVisit(slot);
          this.#retryLater(slot, SEND_BUY, heardNs);
        } else {
          this.#refusedToTryAgain(slot, flag === 1, heardNs);
        }
        return;
      case "UNKNOWN":
        pool.mayHold[slot] = 1;
        this.#askLater(slot, heardNs);
        return;
      case "CANCELLED":
      case "CONFIRMED":
        this.#agenda.leave(slot);
        return;
      default:
        this.#failed(slot, kind, heardNs);
    }
  }

  /** He has paid. Most are content now; some think better of it. */
  paid(slot: number): void {
    const afterMs = this.#draws.cancelsPaidAfterMs(this.#pool.number[slot], this.#pool.visit[slot]);
    if (afterMs === null) {
      this.#agenda.leave(slot);
      return;
    }
    this.#pool.retries[slot] = 0;
    this.#agenda.actAfter(slot, SEND_CANCEL, afterMs);
  }

  /** The buyer has a ticket to pay for. */
  #hold(slot: number, deadlineMs: number, heardNs: number): void {
    const pool = this.#pool;
    pool.deadlineMs[slot] = deadlineMs;
    const number = pool.number[slot];
    const visit = pool.visit[slot];
    if (this.#draws.neverPays(number, visit)) {
      this.#agenda.leave(slot);
      return;
    }
    const cancelsAfterMs = this.#draws.cancelsAfterMs(number, visit);
    if (cancelsAfterMs !== null) {
      pool.retries[slot] = 0;
      this.#agenda.actAt(slot, SEND_CANCEL, heardNs + cancelsAfterMs * NS_PER_MS);
      return;
    }
    const lateMs = deadlineMs > 0 ? this.#draws.paysLateByMs(number, visit) : null;
    if (lateMs !== null) {
      const atNs = this.#deadlineNs(deadlineMs, heardNs) + lateMs * NS_PER_MS;
      this.#agenda.actAt(slot, CHARGE, atNs);
      return;
    }
    let atNs = heardNs + this.#draws.payAfterMs(number, visit) * NS_PER_MS;
    if (deadlineMs > 0) {
      const lastNs = this.#deadlineNs(deadlineMs, heardNs) - PAYS_BEFORE_DEADLINE_NS;
      atNs = Math.max(heardNs, Math.min(atNs, lastNs));
    }
    this.#agenda.actAt(slot, CHARGE, atNs);
  }

  /** When the deadline comes, as far as anyone can tell now. */
  #deadlineNs(deadlineMs: number, heardNs: number): number {
    const leftMs = deadlineMs - this.#redis.counterTimeMs;
    return Math.max(heardNs, Math.round(this.#world.nowNs + leftMs * NS_PER_MS));
  }

  /** Sold out: who returns comes back for stock that others will not pay. */
  #refused(slot: number, heardNs: number): void {
    if (this.#comesBack(slot, heardNs)) return;
    this.outcomes.refused += 1;
    this.#noteFinalRefusal(slot);
    this.#agenda.leave(slot);
  }

  #refusedToTryAgain(slot: number, wantOfQuota: boolean, heardNs: number): void {
    if (this.#comesBack(slot, heardNs)) return;
    this.outcomes.tryAgain += 1;
    if (wantOfQuota) this.#noteFinalRefusal(slot);
    this.#agenda.leave(slot);
  }

  #noteFinalRefusal(slot: number): void {
    if (this.#pool.qty[slot] === 1 && this.#pool.flags[slot] === 0)
      this.#world.judge.demand.refusedForGood(this.#world.nowMs);
  }

  #comesBack(slot: number, heardNs: number): boolean {
    const pool = this.#pool;
    if (this.saleIsOver || !this.#hasVisits(slot) || (pool.flags[slot] & FLAG_BOT) !== 0)
      return false;
    const afterMs = this.#draws.returnsAfterMs(pool.number[slot], pool.visit[slot]);
    if (afterMs === null) return false;
    const atNs = heardNs + afterMs * NS_PER_MS;
    const { patienceMs } = this.#world.scenario.buyers.returning;
    if (atNs - pool.firstNs[slot] > patienceMs * NS_PER_MS) return false;
    this.#nextVisit(slot);
    pool.retries[slot] = 0;
    this.#agenda.actAt(slot, SEND_BUY, atNs);
    return true;
  }

  /**
   * The network failed the buyer. If his request may have got through he asks about its id, unless
   * he is one of those who just press the button again, with the same id.
   */
  #failed(slot: number, kind: number, heardNs: number): void {
    const mayHold = this.#pool.mayHold[slot] === 1;
    if (kind === CANCEL) {
      // Not sure that it was cancelled: the hold runs out by itself.
      this.#agenda.leave(slot);
    } else if (kind === QUERY || (mayHold && !this.#pressesAgain(slot))) {
      this.#askLater(slot, heardNs);
    } else if (this.#mayRetry(slot)) {
      this.#retryLater(slot, SEND_BUY, heardNs);
    } else if (mayHold) {
      this.#leftUnknown(slot);
    } else {
      this.#refusedToTryAgain(slot, false, heardNs);
    }
  }

  #pressesAgain(slot: number): boolean {
    return this.#draws.pressesAgain(this.#pool.number[slot], this.#pool.visit[slot]);
  }

  #askLater(slot: number, heardNs: number): void {
    if (this.#mayRetry(slot)) this.#retryLater(slot, SEND_QUERY, heardNs);
    else this.#leftUnknown(slot);
  }

  #leftUnknown(slot: number): void {
    this.outcomes.unknown += 1;
    this.#world.judge.leftUnknown(reservationId(this.#pool.number[slot], this.#pool.visit[slot]));
    this.#agenda.leave(slot);
  }

  #mayRetry(slot: number): boolean {
    return this.#pool.retries[slot] < this.#world.scenario.buyers.retries && this.#hasVisits(slot);
  }

  /** A buyer who would run out of ids gives up. */
  #hasVisits(slot: number): boolean {
    return this.#pool.visit[slot] + 1 < VISITS_MAX;
  }

  #nextVisit(slot: number): void {
    this.#pool.visit[slot] += 1;
    this.#pool.mayHold[slot] = 0;
  }

  #retryLater(slot: number, what: number, heardNs: number): void {
    const pool = this.#pool;
    pool.retries[slot] += 1;
    const { number, visit, retries } = pool;
    const pauseMs = this.#draws.retryAfterMs(number[slot], visit[slot], retries[slot]);
    this.#agenda.actAt(slot, what, heardNs + pauseMs * NS_PER_MS);
  }
}
