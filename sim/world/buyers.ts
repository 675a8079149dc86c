/**
 * The buyers: they arrive, ask, pay or forget, give up or come back.
 *
 * Arrivals are streamed, one ahead; a buyer has a slot only while he is active, so memory does not
 * grow with their number. Everything a buyer does is drawn by his number and the visit, so taking
 * one buyer away changes no other.
 */
import { Histogram } from "../kernel/histogram.ts";
import type { Stream } from "../kernel/random.ts";
import { wordOf } from "../kernel/trace.ts";
import type { Drawn } from "../scenario/fields.ts";
import { BUYER_ACT } from "./events.ts";
import { CONNECTION_REFUSED, LOST } from "./front-door.ts";
import { BuyerPool } from "./buyer-pool.ts";
import type { FrontDoor } from "./front-door.ts";
import type { Payments } from "./payments.ts";
import type { Redis } from "./redis.ts";
import { ANSWERS, BUY, CANCEL, ERROR, OWNER_BUYER, QUERY, reservationId } from "./requests.ts";
import type { Requests } from "./requests.ts";
import { NS_PER_MS, NS_PER_SECOND } from "./world.ts";
import type { World } from "./world.ts";

// Purposes of the keyed draws, per buyer and visit.
const GAP = 0;
const QUANTITY = 1;
const NETWORK = 2;
const NO_SHOW = 3;
const PAY_LATE = 4;
const CANCELS = 5;
const PAY_AFTER = 6;
const RETURNS = 7;
const RETURN_AFTER = 8;
const RETRY_AFTER = 9;
const DOUBLE_CLICK = 10;
const BOT = 11;
const ADDRESS = 12;
const PORT = 13;
const CLICK_AFTER = 14;
const PAY_TWICE = 15;
const CANCEL_PAID = 17;
const CHANGE_QUANTITY = 18;
const AGAIN = 16;

/** Share of buyers who repeat a failed request instead of asking what became of it. */
const PRESSES_AGAIN = 0.8;

const ANSWERED = ANSWERS.map((answer) => wordOf("answered", answer));

/** What a waiting buyer does next. */
const SEND_BUY = 0;
const SEND_QUERY = 1;
const SEND_CANCEL = 2;
const CHARGE = 3;

const FLAG_BOT = 1;
/** The second click of a double click: its answer interests nobody. */
const FLAG_ECHO = 2;

/** Visits of one buyer are numbered below this, so that (buyer, visit) is one key. */
const VISITS_MAX = 4096;

export class Buyers {
  readonly #world: World;
  readonly #requests: Requests;
  readonly #frontDoor: FrontDoor;
  readonly #redis: Redis;
  readonly #draws: Stream;
  readonly #payments: Payments;

  readonly #pool = new BuyerPool();

  arrived = 0;
  #lastArrivalNs = 0;
  nextArrivalNs = 0;
  /** When the last buyer went away. */
  lastLeftNs = 0;
  /** Nobody comes back any more. */
  saleIsOver = false;
  readonly outcomes = { acked: 0, refused: 0, tryAgain: 0, unknown: 0 };
  readonly latencies = ANSWERS.map(() => new Histogram());
  readonly #count: number;
  readonly #meanGapNs: number;
  readonly #quantityTotal: number;
  readonly #timeoutNs: number;

  constructor(
    world: World,
    requests: Requests,
    frontDoor: FrontDoor,
    redis: Redis,
    payments: Payments,
  ) {
    this.#world = world;
    this.#payments = payments;
    this.#requests = requests;
    this.#frontDoor = frontDoor;
    this.#redis = redis;
    this.#draws = world.random.stream("buyers");
    const { buyers } = world.scenario;
    this.#count = buyers.count;
    this.#meanGapNs = NS_PER_SECOND / buyers.ratePerSecond;
    this.#timeoutNs = buyers.timeoutMs * NS_PER_MS;
    this.#quantityTotal = buyers.quantities.reduce((sum, weight) => sum + weight, 0);
    this.nextArrivalNs = this.#gapNs(0);
  }

  /** Buyers who have not gone away. */
  get active(): number {
    return this.#pool.live;
  }

  get allArrived(): boolean {
    return this.arrived >= this.#count;
  }

  /** Until then somebody who returns may still be around. */
  get patientUntilNs(): number {
    const { returning } = this.#world.scenario.buyers;
    return this.#lastArrivalNs + (returning.share > 0 ? returning.patienceMs * NS_PER_MS : 0);
  }

  #gapNs(buyer: number): number {
    return Math.round(this.#meanGapNs * this.#draws.exponential(buyer, GAP));
  }

  #draw(range: Drawn, buyer: number, visit: number, purpose: number): number {
    if (typeof range === "number") return range;
    const key = buyer * VISITS_MAX + visit;
    return range.least + (range.most - range.least) * this.#draws.uniform(key, purpose);
  }

  #chance(probability: number, slot: number, purpose: number): boolean {
    if (probability <= 0) return false;
    const key = this.#pool.number[slot] * VISITS_MAX + this.#pool.visit[slot];
    return this.#draws.chance(key, probability, purpose);
  }

  /** The next buyer arrives, now. */
  arrive(): void {
    const { nowNs, scenario } = this.#world;
    const { buyers } = scenario;
    const number = this.arrived;
    this.arrived = number + 1;
    this.#lastArrivalNs = nowNs;
    this.nextArrivalNs = this.allArrived ? Infinity : nowNs + this.#gapNs(number + 1);
    const slot = this.#take(number, 0, this.#quantity(number));
    if (buyers.bots.share > 0 && this.#chance(buyers.bots.share, slot, BOT)) {
      this.#pool.flags[slot] = FLAG_BOT;
      this.#pool.botRequestsLeft[slot] = buyers.bots.requests - 1;
      if (buyers.bots.requests > 1) this.#scheduleBot(slot);
      this.#pool.botRequestsLeft[slot] = 0;
    } else if (buyers.doubleClick > 0 && this.#chance(buyers.doubleClick, slot, DOUBLE_CLICK)) {
      const more = this.#chance(buyers.changeQuantity, slot, CHANGE_QUANTITY) ? 1 : 0;
      const echo = this.#take(number, 0, this.#pool.qty[slot] + more);
      this.#pool.flags[echo] = FLAG_ECHO;
      this.#act(echo, SEND_BUY, this.#draw({ least: 50, most: 400 }, number, 0, CLICK_AFTER));
    }
    this.#send(slot, BUY);
  }

  #quantity(number: number): number {
    const { quantities } = this.#world.scenario.buyers;
    if (quantities.length === 1) return 1;
    let point = this.#draws.uniform(number, QUANTITY) * this.#quantityTotal;
    for (let i = 0; i < quantities.length; i += 1) {
      point -= quantities[i];
      if (point < 0) return i + 1;
    }
    return quantities.length;
  }

  /** A bot's next request comes from a slot of its own, under the same name with a new id. */
  #scheduleBot(slot: number): void {
    const clone = this.#take(
      this.#pool.number[slot],
      this.#pool.visit[slot] + 1,
      this.#pool.qty[slot],
    );
    this.#pool.flags[clone] = FLAG_BOT;
    this.#pool.botRequestsLeft[clone] = this.#pool.botRequestsLeft[slot] - 1;
    this.#act(clone, SEND_BUY, this.#world.scenario.buyers.bots.everyMs);
  }

  #take(number: number, visit: number, qty: number): number {
    return this.#pool.take(number, visit, qty, this.#world.nowNs);
  }

  #leave(slot: number): void {
    this.lastLeftNs = this.#world.nowNs;
    this.#pool.release(slot);
  }

  /** Schedules what the buyer does in `afterMs`. */
  #act(slot: number, what: number, afterMs: number): void {
    this.#actAt(slot, what, this.#world.nowNs + afterMs * NS_PER_MS);
  }

  #actAt(slot: number, what: number, atNs: number): void {
    this.#pool.next[slot] = what;
    this.#world.queue.push(Math.round(atNs), BUYER_ACT, slot, this.#pool.generation[slot]);
  }

  act(slot: number, generation: number): void {
    if (this.#pool.generation[slot] !== generation) return;
    switch (this.#pool.next[slot]) {
      case SEND_BUY:
        if ((this.#pool.flags[slot] & FLAG_BOT) !== 0 && this.#pool.botRequestsLeft[slot] > 0) {
          this.#scheduleBot(slot);
          this.#pool.botRequestsLeft[slot] = 0;
        }
        this.#send(slot, BUY);
        return;
      case SEND_QUERY:
        this.#send(slot, QUERY);
        return;
      case SEND_CANCEL:
        this.#send(slot, CANCEL);
        return;
      case CHARGE: {
        const buyer = this.#pool.number[slot];
        const visit = this.#pool.visit[slot];
        const twice = this.#chance(this.#world.scenario.buyers.payTwice, slot, PAY_TWICE);
        this.#payments.charge(buyer, visit, this.#pool.deadlineMs[slot], twice);
        this.#paid(slot);
        return;
      }
      default:
        throw new Error(`buyers have no act ${this.#pool.next[slot]}`);
    }
  }

  /** Most are content now; some think better of it. */
  #paid(slot: number): void {
    const { buyers, sale } = this.#world.scenario;
    if (!this.#chance(buyers.cancelPaid, slot, CANCEL_PAID)) {
      this.#leave(slot);
      return;
    }
    this.#pool.retries[slot] = 0;
    const within = { least: 0, most: sale.holdMs };
    const key = this.#pool.visit[slot];
    this.#act(slot, SEND_CANCEL, this.#draw(within, this.#pool.number[slot], key, CANCEL_PAID));
  }

  #send(slot: number, kind: number): void {
    const { nowNs, scenario } = this.#world;
    const requests = this.#requests;
    const request = requests.take();
    const number = this.#pool.number[slot];
    const visit = this.#pool.visit[slot];
    requests.kind[request] = kind;
    requests.owner[request] = OWNER_BUYER;
    requests.ownerSlot[request] = slot;
    requests.buyer[request] = number;
    requests.visit[request] = visit;
    requests.qty[request] = this.#pool.qty[slot]!;
    requests.startNs[request] = nowNs;
    // Addresses of programs are few; people's are spread over all of them.
    const bot = (this.#pool.flags[slot] & FLAG_BOT) !== 0;
    requests.address[request] = bot
      ? 0xcb007100 + this.#draws.integer(number, scenario.buyers.bots.addresses, ADDRESS)
      : this.#draws.bits(number, ADDRESS);
    // Every connection has a port of its own.
    const key = (number * VISITS_MAX + visit) * 64 + this.#pool.retries[slot] * 4 + kind;
    requests.port[request] = 1024 + this.#draws.integer(key, 64_512, PORT);
    const way = this.#frontDoor.enter(request);
    if (way === LOST) this.lost(request);
    else if (way === CONNECTION_REFUSED) {
      requests.answer[request] = ERROR;
      this.answered(request, nowNs + 2 * this.#frontDoor.returnNs);
    }
  }

  /** Nothing will come back: the buyer waits until his patience ends. */
  lost(request: number): void {
    const requests = this.#requests;
    requests.answer[request] = ERROR;
    const endsNs = requests.startNs[request] + this.#timeoutNs;
    // Lost on its way: for all the buyer knows, it took effect.
    requests.sent[request] = 1;
    this.answered(request, Math.max(this.#world.nowNs, endsNs));
  }

  /** An answer leaves the network for its buyer at `edgeNs`. */
  answered(request: number, edgeNs: number): void {
    const { trace, scenario } = this.#world;
    const requests = this.#requests;
    const slot = requests.ownerSlot[request];
    const number = this.#pool.number[slot];
    const visit = this.#pool.visit[slot];
    const kind = requests.kind[request];
    const answer = requests.answer[request];
    const networkNs = Math.round(
      2 * NS_PER_MS * this.#draw(scenario.buyers.networkMs, number, visit, NETWORK),
    );
    const heardNs = edgeNs + networkNs;
    this.latencies[answer].record((heardNs - requests.startNs[request]) / 1000);
    trace.addWord(heardNs, ANSWERED[answer], number, visit);
    if (requests.sent[request] === 1) this.#pool.mayHold[slot] = 1;
    const deadlineMs = requests.deadlineMs[request];
    const flag = requests.claim[request];
    requests.release(request);
    if ((this.#pool.flags[slot] & FLAG_ECHO) !== 0) {
      this.#leave(slot);
      return;
    }
    this.#react(slot, kind, answer, flag, deadlineMs, heardNs);
  }

  #react(
    slot: number,
    kind: number,
    answer: number,
    flag: number,
    deadlineMs: number,
    heardNs: number,
  ): void {
    switch (ANSWERS[answer]) {
      case "ACK":
        this.outcomes.acked += 1;
        if (flag === 1) this.#leave(slot);
        else this.#hold(slot, deadlineMs, heardNs);
        return;
      case "SOLDOUT":
        this.#refused(slot, heardNs);
        return;
      case "USERLIMIT":
        this.outcomes.refused += 1;
        this.#leave(slot);
        return;
      case "TRYAGAIN":
        if (kind === CANCEL) {
          // He leaves it at that: the hold runs out by itself.
          this.#leave(slot);
          return;
        }
        // Nothing is deducted under this id, so the next try may take a new one. A bot has its next
        // request out already.
        this.#pool.mayHold[slot] = 0;
        if (this.#pool.flags[slot] === 0 && this.#mayRetry(slot)) {
          this.#nextVisit(slot);
          this.#retryLater(slot, SEND_BUY, heardNs);
        } else {
          this.#refusedToTryAgain(slot, flag === 1, heardNs);
        }
        return;
      case "UNKNOWN":
        this.#pool.mayHold[slot] = 1;
        this.#askLater(slot, heardNs);
        return;
      case "CANCELLED":
      case "CONFIRMED":
        this.#leave(slot);
        return;
      default:
        this.#failed(slot, kind, heardNs);
    }
  }

  /**
   * The network failed the buyer. If his request may have got through he asks about its id, unless
   * he is one of those who just press the button again, with the same id.
   */
  #failed(slot: number, kind: number, heardNs: number): void {
    if (kind === CANCEL) {
      // Not sure that it was cancelled: the hold runs out by itself.
      this.#leave(slot);
    } else if (kind === QUERY) {
      this.#askLater(slot, heardNs);
    } else if (this.#pool.mayHold[slot] === 1 && !this.#chance(PRESSES_AGAIN, slot, AGAIN)) {
      this.#askLater(slot, heardNs);
    } else if (this.#mayRetry(slot)) {
      this.#retryLater(slot, SEND_BUY, heardNs);
    } else if (this.#pool.mayHold[slot] === 1) {
      this.#leftUnknown(slot);
    } else {
      this.#refusedToTryAgain(slot, false, heardNs);
    }
  }

  #askLater(slot: number, heardNs: number): void {
    if (this.#mayRetry(slot)) this.#retryLater(slot, SEND_QUERY, heardNs);
    else this.#leftUnknown(slot);
  }

  #leftUnknown(slot: number): void {
    this.outcomes.unknown += 1;
    this.#world.judge.leftUnknown(reservationId(this.#pool.number[slot], this.#pool.visit[slot]));
    this.#leave(slot);
  }

  #mayRetry(slot: number): boolean {
    return this.#pool.retries[slot] < this.#world.scenario.buyers.retries && this.#hasVisits(slot);
  }

  /** A buyer who would run out of ids gives up. */
  #hasVisits(slot: number): boolean {
    return this.#pool.visit[slot] + 1 < VISITS_MAX;
  }

  #retryLater(slot: number, what: number, heardNs: number): void {
    const { retryAfterMs } = this.#world.scenario.buyers;
    this.#pool.retries[slot] += 1;
    const key = this.#pool.visit[slot] * 64 + this.#pool.retries[slot];
    const pauseMs = this.#draw(retryAfterMs, this.#pool.number[slot], key, RETRY_AFTER);
    this.#actAt(slot, what, heardNs + pauseMs * NS_PER_MS);
  }

  #nextVisit(slot: number): void {
    this.#pool.visit[slot] += 1;
    this.#pool.mayHold[slot] = 0;
  }

  /** Sold out: who returns comes back for stock that others will not pay. */
  #refused(slot: number, heardNs: number): void {
    if (this.#comesBack(slot, heardNs)) return;
    this.outcomes.refused += 1;
    this.#noteFinalRefusal(slot);
    this.#leave(slot);
  }

  #refusedToTryAgain(slot: number, wantOfQuota: boolean, heardNs: number): void {
    if (this.#comesBack(slot, heardNs)) return;
    this.outcomes.tryAgain += 1;
    if (wantOfQuota) this.#noteFinalRefusal(slot);
    this.#leave(slot);
  }

  #noteFinalRefusal(slot: number): void {
    if (this.#pool.qty[slot] === 1 && this.#pool.flags[slot] === 0)
      this.#world.judge.demand.refusedForGood(this.#world.nowMs);
  }

  #comesBack(slot: number, heardNs: number): boolean {
    const { returning } = this.#world.scenario.buyers;
    if (
      this.saleIsOver ||
      !this.#hasVisits(slot) ||
      returning.share <= 0 ||
      (this.#pool.flags[slot] & FLAG_BOT) !== 0
    )
      return false;
    const number = this.#pool.number[slot];
    // Whether he is one who returns does not change from visit to visit.
    if (!this.#draws.chance(number, returning.share, RETURNS)) return false;
    const afterMs = this.#draw(returning.afterMs, number, this.#pool.visit[slot], RETURN_AFTER);
    const atNs = heardNs + afterMs * NS_PER_MS;
    if (atNs - this.#pool.firstNs[slot] > returning.patienceMs * NS_PER_MS) return false;
    this.#nextVisit(slot);
    this.#pool.retries[slot] = 0;
    this.#actAt(slot, SEND_BUY, atNs);
    return true;
  }

  /** The buyer has a ticket to pay for. */
  #hold(slot: number, deadlineMs: number, heardNs: number): void {
    const { buyers, sale } = this.#world.scenario;
    this.#pool.deadlineMs[slot] = deadlineMs;
    const number = this.#pool.number[slot];
    const visit = this.#pool.visit[slot];
    if (this.#chance(buyers.noShow, slot, NO_SHOW)) {
      this.#leave(slot);
      return;
    }
    if (this.#chance(buyers.cancel, slot, CANCELS)) {
      this.#pool.retries[slot] = 0;
      const afterMs = this.#draw({ least: 0, most: sale.holdMs }, number, visit, CANCELS);
      this.#actAt(slot, SEND_CANCEL, heardNs + afterMs * NS_PER_MS);
      return;
    }
    if (deadlineMs > 0 && this.#chance(buyers.payLate, slot, PAY_LATE)) {
      // From the very deadline on, to past the grace.
      const lateMs = this.#draw({ least: 0, most: 2 * sale.graceMs }, number, visit, PAY_AFTER);
      this.#actAt(slot, CHARGE, this.#deadlineNs(deadlineMs, heardNs) + lateMs * NS_PER_MS);
      return;
    }
    const afterMs = this.#draw(buyers.payAfterMs, number, visit, PAY_AFTER);
    let atNs = heardNs + afterMs * NS_PER_MS;
    // Whoever means to pay in time does: the payment page shows the deadline.
    if (deadlineMs > 0) {
      const lastNs = this.#deadlineNs(deadlineMs, heardNs) - 50 * NS_PER_MS;
      atNs = Math.max(heardNs, Math.min(atNs, lastNs));
    }
    this.#actAt(slot, CHARGE, atNs);
  }

  /** When the deadline comes, as far as anyone can tell now. */
  #deadlineNs(deadlineMs: number, heardNs: number): number {
    const leftMs = deadlineMs - this.#redis.counterTimeMs;
    return Math.max(heardNs, Math.round(this.#world.nowNs + leftMs * NS_PER_MS));
  }
}
