/**
 * Who a buyer is: everything that the seed decides about him, by his number and the visit.
 *
 * Pure draws, so the buyers of a simulation and those who load real servers are the same people:
 * with one seed, buyer 7 wants as many tickets, pays as late and returns as often in both worlds.
 */
import type { Randomness, Stream } from "../kernel/random.ts";
import type { Drawn } from "../scenario/fields.ts";
import type { Scenario } from "../scenario/schema.ts";
import { NS_PER_MS, NS_PER_SECOND } from "./world.ts";

// Purposes of the keyed draws, per buyer and visit. They are part of what a seed means.
const GAP = 0;
const QUANTITY = 1;
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
const CLICK_AFTER = 14;
const PAY_TWICE = 15;
const AGAIN = 16;
const CANCEL_PAID = 17;
const CHANGE_QUANTITY = 18;

/** Share of buyers who repeat a failed request instead of asking what became of it. */
const PRESSES_AGAIN = 0.8;
/** The second click of a double click comes this long after the first. */
const CLICK_AFTER_MS: Drawn = { least: 50, most: 400 };

/** Visits of one buyer are numbered below this, so that (buyer, visit) is one key. */
export const VISITS_MAX = 4096;

export class BuyerDraws {
  readonly #draws: Stream;
  readonly #scenario: Scenario;
  // What is asked about every single buyer, at hand.
  readonly #quantities: readonly number[];
  readonly #quantityTotal: number;
  readonly #meanGapNs: number;
  readonly #botShare: number;
  readonly #doubleClickShare: number;
  readonly #returningShare: number;

  constructor(random: Randomness, scenario: Scenario) {
    this.#draws = random.stream("buyers");
    this.#scenario = scenario;
    const { ratePerSecond, quantities, bots, doubleClick, returning } = scenario.buyers;
    this.#meanGapNs = NS_PER_SECOND / ratePerSecond;
    this.#quantities = quantities;
    this.#quantityTotal = quantities.reduce((sum, weight) => sum + weight, 0);
    this.#botShare = bots.share;
    this.#doubleClickShare = doubleClick;
    this.#returningShare = returning.share;
  }

  #range(range: Drawn, buyer: number, visit: number, purpose: number): number {
    if (typeof range === "number") return range;
    const key = buyer * VISITS_MAX + visit;
    return range.least + (range.most - range.least) * this.#draws.uniform(key, purpose);
  }

  #chance(share: number, buyer: number, visit: number, purpose: number): boolean {
    return share > 0 && this.#draws.chance(buyer * VISITS_MAX + visit, share, purpose);
  }

  /** From the arrival of the buyer before to his own; mean 1 / ratePerSecond; whole nanoseconds. */
  gapNs(buyer: number): number {
    return Math.round(this.#meanGapNs * this.#draws.exponential(buyer, GAP));
  }

  gapMs(buyer: number): number {
    return this.gapNs(buyer) / NS_PER_MS;
  }

  /** Tickets wanted, from 1. */
  quantity(buyer: number): number {
    const quantities = this.#quantities;
    if (quantities.length === 1) return 1;
    let point = this.#draws.uniform(buyer, QUANTITY) * this.#quantityTotal;
    for (let i = 0; i < quantities.length; i += 1) {
      point -= quantities[i];
      if (point < 0) return i + 1;
    }
    return quantities.length;
  }

  isBot(buyer: number): boolean {
    return this.#chance(this.#botShare, buyer, 0, BOT);
  }

  /** Uniform 32 bits: where he comes from. */
  address(buyer: number): number {
    return this.#draws.bits(buyer, ADDRESS);
  }

  /** Which of the bots' few addresses a bot comes from, counted from 0. */
  botAddress(buyer: number): number {
    return this.#draws.integer(buyer, this.#scenario.buyers.bots.addresses, ADDRESS);
  }

  /** A double click: when the second one comes and how many tickets it asks for; null for none. */
  secondClick(buyer: number): { readonly afterMs: number; readonly qty: number } | null {
    if (!this.#chance(this.#doubleClickShare, buyer, 0, DOUBLE_CLICK)) return null;
    const { changeQuantity } = this.#scenario.buyers;
    const more = this.#chance(changeQuantity, buyer, 0, CHANGE_QUANTITY) ? 1 : 0;
    const afterMs = this.#range(CLICK_AFTER_MS, buyer, 0, CLICK_AFTER);
    return { afterMs, qty: this.quantity(buyer) + more };
  }

  neverPays(buyer: number, visit: number): boolean {
    return this.#chance(this.#scenario.buyers.noShow, buyer, visit, NO_SHOW);
  }

  /** How long after the ACK he gives his ticket back unpaid; null if he does not. */
  cancelsAfterMs(buyer: number, visit: number): number | null {
    const { buyers, sale } = this.#scenario;
    if (!this.#chance(buyers.cancel, buyer, visit, CANCELS)) return null;
    return this.#range({ least: 0, most: sale.holdMs }, buyer, visit, CANCELS);
  }

  /** How long after his deadline he pays, from that very moment to past the grace; null: in time. */
  paysLateByMs(buyer: number, visit: number): number | null {
    const { buyers, sale } = this.#scenario;
    if (!this.#chance(buyers.payLate, buyer, visit, PAY_LATE)) return null;
    return this.#range({ least: 0, most: 2 * sale.graceMs }, buyer, visit, PAY_AFTER);
  }

  payAfterMs(buyer: number, visit: number): number {
    return this.#range(this.#scenario.buyers.payAfterMs, buyer, visit, PAY_AFTER);
  }

  paysTwice(buyer: number, visit: number): boolean {
    return this.#chance(this.#scenario.buyers.payTwice, buyer, visit, PAY_TWICE);
  }

  /** How long after paying he tries to give his ticket back; null if he does not. */
  cancelsPaidAfterMs(buyer: number, visit: number): number | null {
    const { buyers, sale } = this.#scenario;
    if (!this.#chance(buyers.cancelPaid, buyer, visit, CANCEL_PAID)) return null;
    return this.#range({ least: 0, most: sale.holdMs }, buyer, visit, CANCEL_PAID);
  }

  /** Whether a failed request makes him press the button again, not ask what became of it. */
  pressesAgain(buyer: number, visit: number): boolean {
    return this.#chance(PRESSES_AGAIN, buyer, visit, AGAIN);
  }

  /** The pause before the `retry`-th try of this visit, counted from 1. */
  retryAfterMs(buyer: number, visit: number, retry: number): number {
    return this.#range(this.#scenario.buyers.retryAfterMs, buyer, visit * 64 + retry, RETRY_AFTER);
  }

  /** How long after a refusal he comes back; null if he is not one who returns. */
  returnsAfterMs(buyer: number, visit: number): number | null {
    const share = this.#returningShare;
    // Whether he is one who returns does not change from visit to visit.
    if (share <= 0 || !this.#draws.chance(buyer, share, RETURNS)) return null;
    return this.#range(this.#scenario.buyers.returning.afterMs, buyer, visit, RETURN_AFTER);
  }
}
