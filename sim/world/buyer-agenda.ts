/** What active buyers do next, and when. */
import { BUYER_ACT } from "./events.ts";
import type { BuyerPool } from "./buyer-pool.ts";
import { NS_PER_MS } from "./world.ts";
import type { World } from "./world.ts";

/** What a waiting buyer does next. */
export const SEND_BUY = 0;
export const SEND_QUERY = 1;
export const SEND_CANCEL = 2;
export const CHARGE = 3;

export class BuyerAgenda {
  readonly #world: World;
  readonly #pool: BuyerPool;
  /** When the last buyer went away. */
  lastLeftNs = 0;

  constructor(world: World, pool: BuyerPool) {
    this.#world = world;
    this.#pool = pool;
  }

  actAfter(slot: number, what: number, afterMs: number): void {
    this.actAt(slot, what, this.#world.nowNs + afterMs * NS_PER_MS);
  }

  actAt(slot: number, what: number, atNs: number): void {
    this.#pool.next[slot] = what;
    this.#world.queue.push(Math.round(atNs), BUYER_ACT, slot, this.#pool.generation[slot]);
  }

  /** The buyer goes away, and his slot is free. */
  leave(slot: number): void {
    this.lastLeftNs = this.#world.nowNs;
    this.#pool.release(slot);
  }
}
