/** Active buyers, one slot each, in typed arrays: a buyer has a slot only while he is active. */
import { doubled, START } from "../kernel/typed-array.ts";

/** Values of `flags`. */
export const FLAG_BOT = 1;
/** The second click of a double click: its answer interests nobody. */
export const FLAG_ECHO = 2;

export class BuyerPool {
  number = new Float64Array(START);
  /** Which of his reservations he is at: together with his number it is the request id. */
  visit = new Int32Array(START);
  retries = new Int32Array(START);
  firstNs = new Float64Array(START);
  deadlineMs = new Float64Array(START);
  qty = new Uint8Array(START);
  flags = new Uint8Array(START);
  /** What he does next. */
  next = new Uint8Array(START);
  /** 1 if some request for this visit's id may have taken effect. */
  mayHold = new Uint8Array(START);
  botRequestsLeft = new Int32Array(START);
  /** Changes when the slot is released, so that an event for an earlier buyer is known as stale. */
  generation = new Int32Array(START);
  readonly #free: number[] = [];
  #used = 0;
  live = 0;

  take(number: number, visit: number, qty: number, nowNs: number): number {
    let slot = this.#free.pop();
    if (slot === undefined) {
      slot = this.#used;
      this.#used += 1;
      if (slot === this.number.length) this.#grow();
    }
    this.live += 1;
    this.number[slot] = number;
    this.visit[slot] = visit;
    this.qty[slot] = qty;
    this.retries[slot] = 0;
    this.firstNs[slot] = nowNs;
    this.flags[slot] = 0;
    this.mayHold[slot] = 0;
    this.botRequestsLeft[slot] = 0;
    return slot;
  }

  release(slot: number): void {
    this.live -= 1;
    this.generation[slot] += 1;
    this.#free.push(slot);
  }

  #grow(): void {
    this.number = doubled(this.number);
    this.visit = doubled(this.visit);
    this.retries = doubled(this.retries);
    this.firstNs = doubled(this.firstNs);
    this.deadlineMs = doubled(this.deadlineMs);
    this.qty = doubled(this.qty);
    this.flags = doubled(this.flags);
    this.next = doubled(this.next);
    this.mayHold = doubled(this.mayHold);
    this.botRequestsLeft = doubled(this.botRequestsLeft);
    this.generation = doubled(this.generation);
  }
}
