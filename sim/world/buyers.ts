/**
 * The buyers: they arrive, ask, and hear an answer. What they make of it is in `buyer-reactions.ts`.
 *
 * Arrivals are streamed, one ahead; a buyer has a slot only while he is active, so memory does not
 * grow with their number. Everything a buyer does is drawn by his number and the visit, so taking
 * one buyer away changes no other.
 */
import { Histogram } from "../kernel/histogram.ts";
import type { Stream } from "../kernel/random.ts";
import { wordOf } from "../kernel/trace.ts";
import type { Drawn } from "../scenario/fields.ts";
import { BuyerAgenda, CHARGE, SEND_BUY, SEND_CANCEL, SEND_QUERY } from "./buyer-agenda.ts";
import { BuyerDraws, VISITS_MAX } from "./buyer-draws.ts";
import { BuyerPool, FLAG_BOT, FLAG_ECHO } from "./buyer-pool.ts";
import { BuyerReactions } from "./buyer-reactions.ts";
import { CONNECTION_REFUSED, LOST } from "./front-door.ts";
import type { FrontDoor } from "./front-door.ts";
import type { Payments } from "./payments.ts";
import type { Redis } from "./redis.ts";
import { ANSWERS, BUY, CANCEL, ERROR, OWNER_BUYER, QUERY, SOLDOUT } from "./requests.ts";
import type { Requests } from "./requests.ts";
import { NS_PER_MS } from "./world.ts";
import type { World } from "./world.ts";

// Purposes of the keyed draws that only a simulated buyer needs, beside those of `buyer-draws.ts`.
const NETWORK = 2;
const PORT = 13;

/** Addresses of programs are few: 203.0.113.0 and those after it. */
const BOT_ADDRESS_FIRST = 0xcb007100;

const ANSWERED = ANSWERS.map((answer) => wordOf("answered", answer));

export class Buyers {
  readonly #world: World;
  readonly #requests: Requests;
  readonly #frontDoor: FrontDoor;
  readonly #payments: Payments;
  readonly #draws: BuyerDraws;
  readonly #network: Stream;
  readonly #pool = new BuyerPool();
  readonly #agenda: BuyerAgenda;
  readonly #reactions: BuyerReactions;
  arrived = 0;
  nextArrivalNs = 0;
  #lastArrivalNs = 0;
  readonly latencies = ANSWERS.map(() => new Histogram());
  readonly #count: number;
  readonly #timeoutNs: number;
  readonly #networkMs: Drawn;

  constructor(
    world: World,
    requests: Requests,
    frontDoor: FrontDoor,
    redis: Redis,
    payments: Payments,
  ) {
    const { random, scenario } = world;
    this.#world = world;
    this.#requests = requests;
    this.#frontDoor = frontDoor;
    this.#payments = payments;
    this.#draws = new BuyerDraws(random, scenario);
    this.#network = random.stream("buyers");
    this.#agenda = new BuyerAgenda(world, this.#pool);
    this.#reactions = new BuyerReactions(world, this.#pool, this.#agenda, this.#draws, redis);
    this.#count = scenario.buyers.count;
    this.#timeoutNs = scenario.buyers.timeoutMs * NS_PER_MS;
    this.#networkMs = scenario.buyers.networkMs;
    this.nextArrivalNs = this.#draws.gapNs(0);
  }

  /** Buyers who have not gone away. */
  get active(): number {
    return this.#pool.live;
  }

  get allArrived(): boolean {
    return this.arrived >= this.#count;
  }

  /** When the last buyer went away. */
  get lastLeftNs(): number {
    return this.#agenda.lastLeftNs;
  }

  /** Until then somebody who returns may still be around. */
  get patientUntilNs(): number {
    const { returning } = this.#world.scenario.buyers;
    return this.#lastArrivalNs + (returning.share > 0 ? returning.patienceMs * NS_PER_MS : 0);
  }

  /** What buyers were told in the end; those told TRYAGAIN or nothing definite apart. */
  get outcomes(): BuyerReactions["outcomes"] {
    return this.#reactions.outcomes;
  }

  /** Says whether anybody may still come back. */
  set saleIsOver(over: boolean) {
    this.#reactions.saleIsOver = over;
  }

  /** The next buyer arrives, now. */
  arrive(): void {
    const { nowNs, scenario } = this.#world;
    const draws = this.#draws;
    const pool = this.#pool;
    const number = this.arrived;
    this.arrived = number + 1;
    this.#lastArrivalNs = nowNs;
    this.nextArrivalNs = this.allArrived ? Infinity : nowNs + draws.gapNs(number + 1);
    const slot = pool.take(number, 0, draws.quantity(number), nowNs);
    if (draws.isBot(number)) {
      const { requests } = scenario.buyers.bots;
      pool.flags[slot] = FLAG_BOT;
      if (requests > 1) this.#scheduleBot(slot, requests - 1);
    } else {
      const second = draws.secondClick(number);
      if (second !== null) {
        const echo = pool.take(number, 0, second.qty, nowNs);
        pool.flags[echo] = FLAG_ECHO;
        this.#agenda.actAfter(echo, SEND_BUY, second.afterMs);
      }
    }
    this.#send(slot, BUY);
  }

  /** A bot's next request comes from a slot of its own, under the same name with a new id. */
  #scheduleBot(slot: number, requestsLeft: number): void {
    const pool = this.#pool;
    const { number, visit, qty } = pool;
    const clone = pool.take(number[slot], visit[slot] + 1, qty[slot], this.#world.nowNs);
    pool.flags[clone] = FLAG_BOT;
    pool.botRequestsLeft[clone] = requestsLeft - 1;
    this.#agenda.actAfter(clone, SEND_BUY, this.#world.scenario.buyers.bots.everyMs);
  }

  /** A buyer does what he had planned, unless that was an earlier buyer of this slot. */
  act(slot: number, generation: number): void {
    const pool = this.#pool;
    if (pool.generation[slot] !== generation) return;
    switch (pool.next[slot]) {
      case SEND_BUY: {
        const left = pool.botRequestsLeft[slot];
        pool.botRequestsLeft[slot] = 0;
        if (left > 0) this.#scheduleBot(slot, left);
        this.#send(slot, BUY);
        return;
      }
      case SEND_QUERY:
        this.#send(slot, QUERY);
        return;
      case SEND_CANCEL:
        this.#send(slot, CANCEL);
        return;
      case CHARGE: {
        const buyer = pool.number[slot];
        const visit = pool.visit[slot];
        const twice = this.#draws.paysTwice(buyer, visit);
        this.#payments.charge(buyer, visit, pool.deadlineMs[slot], twice);
        this.#reactions.paid(slot);
        return;
      }
      default:
        throw new Error(`buyers have no act ${pool.next[slot]}`);
    }
  }

  #send(slot: number, kind: number): void {
    const { nowNs } = this.#world;
    const requests = this.#requests;
    const pool = this.#pool;
    const request = requests.take();
    const number = pool.number[slot];
    const visit = pool.visit[slot];
    requests.kind[request] = kind;
    requests.owner[request] = OWNER_BUYER;
    requests.ownerSlot[request] = slot;
    requests.buyer[request] = number;
    requests.visit[request] = visit;
    requests.qty[request] = pool.qty[slot]!;
    requests.startNs[request] = nowNs;
    requests.address[request] = this.#address(slot, number);
    // Every connection has a port of its own.
    const key = (number * VISITS_MAX + visit) * 64 + pool.retries[slot] * 4 + kind;
    requests.port[request] = 1024 + this.#network.integer(key, 64_512, PORT);
    const way = this.#frontDoor.enter(request);
    if (way === LOST) this.lost(request);
    else if (way === CONNECTION_REFUSED) {
      requests.answer[request] = ERROR;
      this.answered(request, nowNs + 2 * this.#frontDoor.returnNs);
    }
  }

  /** People's addresses are spread over all there are. */
  #address(slot: number, number: number): number {
    if ((this.#pool.flags[slot] & FLAG_BOT) === 0) return this.#draws.address(number);
    return BOT_ADDRESS_FIRST + this.#draws.botAddress(number);
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
    const requests = this.#requests;
    const pool = this.#pool;
    const slot = requests.ownerSlot[request];
    const number = pool.number[slot];
    const visit = pool.visit[slot];
    const kind = requests.kind[request];
    const answer = requests.answer[request];
    const heardNs = edgeNs + this.#networkNs(number, visit);
    const latencyUs = (heardNs - requests.startNs[request]) / 1000;
    this.latencies[answer].record(latencyUs);
    this.#world.falseSoldOuts?.heard(request, answer === SOLDOUT, latencyUs);
    this.#world.trace.addWord(heardNs, ANSWERED[answer], number, visit);
    if (requests.sent[request] === 1) pool.mayHold[slot] = 1;
    const deadlineMs = requests.deadlineMs[request];
    const flag = requests.claim[request];
    requests.release(request);
    // Only the first click of a double click looks at its answer.
    if ((pool.flags[slot] & FLAG_ECHO) !== 0) this.#agenda.leave(slot);
    else this.#reactions.react(slot, kind, answer, flag, deadlineMs, heardNs);
  }

  /** To the edge and back, over the buyer's own network. */
  #networkNs(number: number, visit: number): number {
    const networkMs = this.#networkMs;
    const oneWayMs =
      typeof networkMs === "number"
        ? networkMs
        : networkMs.least +
          (networkMs.most - networkMs.least) *
            this.#network.uniform(number * VISITS_MAX + visit, NETWORK);
    return Math.round(2 * NS_PER_MS * oneWayMs);
  }
}
