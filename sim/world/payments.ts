/**
 * The payment provider: it charges buyers at once, and delivers its message to the ticket servers
 * again and again until it gets a definite answer.
 */
import { PAYMENT_DELIVER } from "./events.ts";
import { CONNECTION_REFUSED, LOST } from "./front-door.ts";
import type { FrontDoor } from "./front-door.ts";
import type { Redis } from "./redis.ts";
import { ANSWERS, OWNER_PAYMENT, PAY, reservationId } from "./requests.ts";
import type { Requests } from "./requests.ts";
import { NS_PER_MS } from "./world.ts";
import type { World } from "./world.ts";

const PORT = 0;
const DUPLICATE = 1;
/** The provider's own address. */
const PROVIDER_ADDRESS = 0xc6336401;
/** A second delivery of an answered message comes this long after the first. */
const DUPLICATE_AFTER_MS = 2000;

interface Payment {
  readonly paymentId: string;
  readonly buyer: number;
  readonly visit: number;
  deliveries: number;
  answered: boolean;
}

export class Payments {
  readonly #world: World;
  readonly #requests: Requests;
  readonly #frontDoor: FrontDoor;
  readonly #redis: Redis;
  readonly #payments: Payment[] = [];
  /** Charges without a definite answer. */
  pending = 0;
  /** Messages under way or scheduled. */
  busy = 0;
  /** Faults in force. */
  delayMs = 0;
  duplicate = 0;

  constructor(world: World, requests: Requests, frontDoor: FrontDoor, redis: Redis) {
    this.#world = world;
    this.#requests = requests;
    this.#frontDoor = frontDoor;
    this.#redis = redis;
  }

  /** A buyer pays for his reservation; `twice` if he pays on two devices. */
  charge(buyer: number, visit: number, deadlineMs: number, twice: boolean): void {
    this.#charge("pay", buyer, visit, deadlineMs);
    if (twice) this.#charge("pay-again", buyer, visit, deadlineMs);
  }

  #charge(prefix: string, buyer: number, visit: number, deadlineMs: number): void {
    const { judge, trace, nowNs } = this.#world;
    const id = reservationId(buyer, visit);
    const paymentId = `${prefix}-${id}`;
    judge.charges.charged(paymentId, id, this.#redis.counterTimeMs, deadlineMs);
    trace.add(nowNs, "charged", buyer, visit, prefix);
    this.#payments.push({ paymentId, buyer, visit, deliveries: 0, answered: false });
    this.pending += 1;
    this.#deliverLater(this.#payments.length - 1, this.delayMs);
  }

  #deliverLater(payment: number, afterMs: number): void {
    this.busy += 1;
    this.#world.after(afterMs * NS_PER_MS, PAYMENT_DELIVER, payment, 0);
  }

  deliver(index: number): void {
    const requests = this.#requests;
    const payment = this.#payments[index];
    const { nowNs } = this.#world;
    const request = requests.take();
    requests.kind[request] = PAY;
    requests.owner[request] = OWNER_PAYMENT;
    requests.ownerSlot[request] = index;
    requests.buyer[request] = payment.buyer;
    requests.visit[request] = payment.visit;
    requests.paymentId[request] = payment.paymentId;
    requests.qty[request] = 1;
    requests.startNs[request] = nowNs;
    requests.address[request] = PROVIDER_ADDRESS;
    const key = index * 1024 + payment.deliveries;
    requests.port[request] =
      1024 + this.#world.random.stream("payments").integer(key, 64_512, PORT);
    payment.deliveries += 1;
    const way = this.#frontDoor.enter(request);
    if (way === LOST || way === CONNECTION_REFUSED) this.lost(request);
  }

  /** No answer: deliver again. */
  lost(request: number): void {
    const index = this.#requests.ownerSlot[request];
    this.#requests.release(request);
    this.busy -= 1;
    this.#deliverLater(index, this.#world.scenario.payments.redeliverMs);
  }

  answered(request: number): void {
    const requests = this.#requests;
    const index = requests.ownerSlot[request];
    const payment = this.#payments[index];
    const answer = ANSWERS[requests.answer[request]];
    requests.release(request);
    this.busy -= 1;
    const { judge, trace, nowNs, nowMs, random, scenario } = this.#world;
    if (answer !== "PAID" && answer !== "REFUND" && answer !== "PAYMENTCONFLICT") {
      this.#deliverLater(index, scenario.payments.redeliverMs);
      return;
    }
    const id = reservationId(payment.buyer, payment.visit);
    judge.chargeAnswered(payment.paymentId, id, answer, this.#redis.counterTimeMs, nowMs);
    trace.add(nowNs, "charge-answered", payment.buyer, payment.visit, answer);
    if (!payment.answered) {
      payment.answered = true;
      this.pending -= 1;
    }
    const again =
      this.duplicate > 0 &&
      payment.deliveries < 4 &&
      random
        .stream("payments")
        .chance(index * 1024 + payment.deliveries, this.duplicate, DUPLICATE);
    if (again) this.#deliverLater(index, DUPLICATE_AFTER_MS);
  }
}
