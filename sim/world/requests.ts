/**
 * Requests on their way through the layers: one slot each, in typed arrays.
 *
 * A slot is referred to by exactly one place at a time: a pending event, or the ticket server that
 * works on it. `tryNumber` changes with every try and every reuse of the slot, so that an event of
 * an earlier try finds out that it is stale.
 */
import { doubled, START } from "../kernel/typed-array.ts";
import { UpstreamRequest } from "../network/nginx/request.ts";
import type { WorkerProcess } from "../network/nginx/workers.ts";
import { VISITS_MAX } from "./buyer-draws.ts";

/** What a request asks for. */
export const BUY = 0;
export const QUERY = 1;
export const CANCEL = 2;
export const PAY = 3;

const KINDS = 4;

/** Whom the answer is for. */
export const OWNER_NONE = 0;
export const OWNER_BUYER = 1;
export const OWNER_PAYMENT = 2;
export const OWNER_PROBE = 3;
export const OWNER_RESOLVER = 4;

/** What came back; ERROR: no answer of a ticket server (502, 504, refused, lost). */
export const ANSWERS = [
  "ACK",
  "SOLDOUT",
  "USERLIMIT",
  "TRYAGAIN",
  "UNKNOWN",
  "ERROR",
  "PAID",
  "REFUND",
  "PAYMENTCONFLICT",
  "CANCELLED",
  "CONFIRMED",
] as const;
export type AnswerName = (typeof ANSWERS)[number];
export const ACK = 0;
export const SOLDOUT = 1;
export const ERROR = 5;

export function answerCode(name: AnswerName): number {
  return ANSWERS.indexOf(name);
}

/** A buyer's request id, which is his reservation's id. */
export function reservationId(buyer: number, visit: number): string {
  return `b${buyer}.${visit}`;
}

export class Requests {
  kind = new Uint8Array(START);
  owner = new Uint8Array(START);
  ownerSlot = new Int32Array(START);
  startNs = new Float64Array(START);
  /** Buyer number, and which of his reservations it is about; -1: `id` was given. */
  buyer = new Float64Array(START);
  visit = new Int32Array(START);
  address = new Uint32Array(START);
  port = new Uint16Array(START);
  qty = new Uint8Array(START);
  director = new Int16Array(START);
  proxy = new Int16Array(START);
  /** The nginx worker process that took the request. */
  readonly proxyWorker: (WorkerProcess | null)[] = [];
  /** Which start of the nginx process took the request. */
  proxyIncarnation = new Int32Array(START);
  /** The ticket server of the try under way, or -1. */
  server = new Int16Array(START);
  serverIncarnation = new Int32Array(START);
  tryNumber = new Int32Array(START);
  /** Time of sending the try under way. */
  sentNs = new Float64Array(START);
  answer = new Uint8Array(START);
  /** 1 if the strategy has it and owes an answer; linked per server. */
  open = new Uint8Array(START);
  nextOpen = new Int32Array(START);
  previousOpen = new Int32Array(START);
  /** ACK: the deadline in counter time; 0 for none. */
  deadlineMs = new Float64Array(START);
  /** ACK: 1 if paid already. TRYAGAIN: 1 if for want of quota. */
  claim = new Uint8Array(START);
  /** 1 if some try of it was sent to a server: it may have taken effect. */
  sent = new Uint8Array(START);
  /** The TryOutcome of the failure that is on its way to nginx. */
  failure = new Int32Array(START);
  readonly upstream: UpstreamRequest[] = [];
  readonly #id: string[] = [];
  readonly paymentId: string[] = [];
  #free = new Int32Array(START);
  #freeCount = 0;
  #used = 0;
  live = 0;

  take(): number {
    this.live += 1;
    let slot: number;
    if (this.#freeCount > 0) {
      this.#freeCount -= 1;
      slot = this.#free[this.#freeCount]!;
    } else {
      slot = this.#used;
      this.#used += 1;
      if (slot === this.kind.length) this.#grow();
      this.upstream.push(new UpstreamRequest());
      this.proxyWorker.push(null);
      this.#id.push("");
      this.paymentId.push("");
    }
    this.tryNumber[slot] += 1;
    this.server[slot] = -1;
    this.open[slot] = 0;
    this.sent[slot] = 0;
    this.proxy[slot] = -1;
    this.director[slot] = -1;
    return slot;
  }

  release(slot: number): void {
    this.live -= 1;
    this.tryNumber[slot] += 1;
    this.#free[this.#freeCount] = slot;
    this.#freeCount += 1;
  }

  /** The reservation's id as text. It is made only for requests that get past the quick refusal. */
  idOf(slot: number): string {
    return this.buyer[slot] >= 0
      ? reservationId(this.buyer[slot], this.visit[slot])
      : this.#id[slot];
  }

  /** Names what is asked, by whom, on which of his visits: the key of draws about the request. */
  keyOf(slot: number): number {
    const buyer = Math.max(0, this.buyer[slot]);
    return (buyer * VISITS_MAX + this.visit[slot]) * KINDS + this.kind[slot];
  }

  buyerOf(slot: number): string {
    return this.buyer[slot] >= 0 ? `b${this.buyer[slot]}` : "";
  }

  /** Names a reservation that no simulated buyer's number gives. */
  nameId(slot: number, id: string): void {
    this.buyer[slot] = -1;
    this.#id[slot] = id;
  }

  /**
   * Leaves `slot` to the ticket server that has it, with nobody to answer, and returns a copy with
   * which nginx goes on.
   */
  detach(slot: number): number {
    const copy = this.take();
    this.kind[copy] = this.kind[slot]!;
    this.owner[copy] = this.owner[slot]!;
    this.ownerSlot[copy] = this.ownerSlot[slot]!;
    this.startNs[copy] = this.startNs[slot]!;
    this.buyer[copy] = this.buyer[slot]!;
    this.visit[copy] = this.visit[slot]!;
    this.address[copy] = this.address[slot]!;
    this.port[copy] = this.port[slot]!;
    this.qty[copy] = this.qty[slot]!;
    this.director[copy] = this.director[slot]!;
    this.proxy[copy] = this.proxy[slot]!;
    this.proxyWorker[copy] = this.proxyWorker[slot]!;
    this.proxyIncarnation[copy] = this.proxyIncarnation[slot]!;
    this.server[copy] = this.server[slot]!;
    this.sent[copy] = 1;
    this.#id[copy] = this.#id[slot]!;
    this.paymentId[copy] = this.paymentId[slot]!;
    const upstream = this.upstream[copy];
    this.upstream[copy] = this.upstream[slot]!;
    this.upstream[slot] = upstream;
    this.owner[slot] = OWNER_NONE;
    return copy;
  }

  #grow(): void {
    this.kind = doubled(this.kind);
    this.owner = doubled(this.owner);
    this.ownerSlot = doubled(this.ownerSlot);
    this.startNs = doubled(this.startNs);
    this.buyer = doubled(this.buyer);
    this.visit = doubled(this.visit);
    this.address = doubled(this.address);
    this.port = doubled(this.port);
    this.qty = doubled(this.qty);
    this.director = doubled(this.director);
    this.proxy = doubled(this.proxy);
    this.proxyIncarnation = doubled(this.proxyIncarnation);
    this.server = doubled(this.server);
    this.serverIncarnation = doubled(this.serverIncarnation);
    this.tryNumber = doubled(this.tryNumber);
    this.sentNs = doubled(this.sentNs);
    this.answer = doubled(this.answer);
    this.open = doubled(this.open);
    this.nextOpen = doubled(this.nextOpen);
    this.previousOpen = doubled(this.previousOpen);
    this.deadlineMs = doubled(this.deadlineMs);
    this.sent = doubled(this.sent);
    this.failure = doubled(this.failure);
    this.claim = doubled(this.claim);
    this.#free = doubled(this.#free);
  }
}
