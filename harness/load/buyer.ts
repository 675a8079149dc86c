/**
 * One buyer from his first request until he goes away: he asks, pays or forgets, gives up or comes
 * back. The same person as in the simulator (`sim/world/buyers.ts`), in real time.
 */
import type { Caller } from "../../core/history/records.ts";
import { isUnsure } from "../../core/history/unknown-ids.ts";
import type { Scenario } from "../../sim/scenario/schema.ts";
import { VISITS_MAX } from "../../sim/world/buyer-draws.ts";
import type { BuyerDraws } from "../../sim/world/buyer-draws.ts";
import { reservationId } from "../../sim/world/requests.ts";
import type { Client, Heard } from "./client.ts";
import type { RunClock } from "./clock.ts";
import type { Payments } from "./payments.ts";
import type { Stop } from "./stop.ts";

/** Whoever means to pay in time does so at least this long before the deadline he was shown. */
const BEFORE_DEADLINE_MS = 50;

/** What all buyers have in common. */
export interface Market {
  readonly scenario: Scenario;
  readonly draws: BuyerDraws;
  readonly client: Client;
  readonly clock: RunClock;
  readonly payments: Payments;
  readonly stop: Stop;
  /** Nobody comes back any more. */
  readonly saleOver: Stop;
  readonly outcomes: Outcomes;
  /** Where a buyer's request goes, and where from; another way with each retry. */
  way(
    number: number,
    retry: number,
    caller: Caller,
  ): { readonly front: string; readonly localAddress: string | null };
  /** Whether the answer to the request that goes out now is lost. */
  losesReply(): boolean;
}

/** Buyers, by how they went away: an ACK, SOLDOUT or USERLIMIT, TRYAGAIN, or not knowing. */
export interface Outcomes {
  acked: number;
  refused: number;
  tryAgain: number;
  unknown: number;
}

export class Buyer {
  readonly #market: Market;
  readonly #number: number;
  readonly #caller: Caller;
  readonly #qty: number;
  readonly #firstMs: number;
  #visit: number;
  #retries = 0;
  /** True if some request of this visit may have taken effect. */
  #mayHold = false;

  constructor(
    market: Market,
    who: {
      readonly number: number;
      readonly visit: number;
      readonly qty: number;
      readonly caller: Caller;
      readonly dueMs: number;
    },
  ) {
    this.#market = market;
    this.#number = who.number;
    this.#visit = who.visit;
    this.#qty = who.qty;
    this.#caller = who.caller;
    this.#firstMs = who.dueMs;
  }

  /** Resolves when he has gone away. */
  async live(): Promise<void> {
    let kind: "buy" | "query" | null = "buy";
    let dueMs = this.#firstMs;
    while (kind !== null && !this.#market.stop.stopped) {
      const heard: Heard = await this.#ask(kind, dueMs);
      if (isUnsure(heard)) this.#mayHold = true;
      if (this.#caller === "echo") {
        this.#market.client.record(heard);
        return;
      }
      if (heard.outcome === "ACK") {
        this.#market.client.record(heard);
        this.#market.outcomes.acked += 1;
        if (!heard.paid) await this.#hold(heard.deadlineMs);
        return;
      }
      const next = this.#react(kind, heard);
      this.#market.client.record(heard, next === null);
      if (next === null) return;
      dueMs = heard.leftMs + next.afterMs;
      const { stop, saleOver } = this.#market;
      const arrived = await (next.returns ? saleOver : stop).sleep(
        dueMs - this.#market.clock.nowMs(),
      );
      kind = arrived ? next.kind : null;
      if (!arrived && next.returns) this.#market.outcomes.refused += 1;
    }
  }

  #ask(kind: "buy" | "query" | "cancel", dueMs: number): Promise<Heard> {
    const { client, scenario } = this.#market;
    return client.ask({
      kind,
      caller: this.#caller,
      id: this.#id,
      buyer: `b${this.#number}`,
      qty: kind === "buy" ? this.#qty : 0,
      dueMs,
      timeoutMs: scenario.buyers.timeoutMs,
      losesReply: this.#market.losesReply(),
      ...this.#market.way(this.#number, this.#retries, this.#caller),
    });
  }

  get #id(): string {
    return reservationId(this.#number, this.#visit);
  }

  /** What he does after an answer that is no ticket; null: he goes away. */
  #react(kind: "buy" | "query", heard: Heard): Next | null {
    const { outcomes } = this.#market;
    switch (heard.outcome) {
      case "SOLDOUT": {
        const next = this.#comesBack(heard);
        if (next === null) outcomes.refused += 1;
        return next;
      }
      case "USERLIMIT":
        outcomes.refused += 1;
        return null;
      case "TRYAGAIN":
        // Nothing is deducted by this request: the next try takes a new id. A bot has its next
        // request out already.
        this.#mayHold = false;
        if (this.#caller !== "buyer" || !this.#mayRetry()) return this.#refusedToTryAgain(heard);
        this.#visit += 1;
        return this.#retry("buy");
      case "UNKNOWN":
        return this.#asksLater();
      default:
        return this.#failed(kind, heard);
    }
  }

  /**
   * The network failed him. If his request may have got through he asks about its id, unless he is
   * one of those who just press the button again, with the same id.
   */
  #failed(kind: "buy" | "query", heard: Heard): Next | null {
    const pressesAgain = this.#market.draws.pressesAgain(this.#number, this.#visit);
    if (kind === "query" || (this.#mayHold && !pressesAgain)) return this.#asksLater();
    if (this.#mayRetry()) return this.#retry("buy");
    return this.#mayHold ? this.#leftUnknown() : this.#refusedToTryAgain(heard);
  }

  #asksLater(): Next | null {
    return this.#mayRetry() ? this.#retry("query") : this.#leftUnknown();
  }

  #leftUnknown(): null {
    this.#market.outcomes.unknown += 1;
    return null;
  }

  #refusedToTryAgain(heard: Heard): Next | null {
    const next = this.#comesBack(heard);
    if (next === null) this.#market.outcomes.tryAgain += 1;
    return next;
  }

  #mayRetry(): boolean {
    return this.#retries < this.#market.scenario.buyers.retries && this.#visit + 1 < VISITS_MAX;
  }

  #retry(kind: "buy" | "query"): Next {
    this.#retries += 1;
    const { draws } = this.#market;
    const afterMs = draws.retryAfterMs(this.#number, this.#visit, this.#retries);
    return { kind, afterMs, returns: false };
  }

  /** Refused: who returns comes back for stock that others will not pay. */
  #comesBack(heard: Heard): Next | null {
    const { draws, saleOver, scenario } = this.#market;
    if (saleOver.stopped || this.#caller === "bot" || this.#visit + 1 >= VISITS_MAX) return null;
    const afterMs = draws.returnsAfterMs(this.#number, this.#visit);
    const { patienceMs } = scenario.buyers.returning;
    if (afterMs === null || heard.leftMs + afterMs - this.#firstMs > patienceMs) return null;
    this.#visit += 1;
    this.#retries = 0;
    this.#mayHold = false;
    return { kind: "buy", afterMs, returns: true };
  }

  /** He has a ticket to pay for. */
  async #hold(deadlineMs: number): Promise<void> {
    const { draws, clock, payments, stop } = this.#market;
    const number = this.#number;
    const visit = this.#visit;
    const heardMs = clock.nowMs();
    if (draws.neverPays(number, visit)) return;
    const cancelsAfterMs = draws.cancelsAfterMs(number, visit);
    if (cancelsAfterMs !== null) {
      await this.#cancel(cancelsAfterMs);
      return;
    }
    const dueMs = deadlineMs > 0 ? clock.runMs(deadlineMs) : Infinity;
    const lateByMs = deadlineMs > 0 ? draws.paysLateByMs(number, visit) : null;
    const paysMs =
      lateByMs === null
        ? Math.min(heardMs + draws.payAfterMs(number, visit), dueMs - BEFORE_DEADLINE_MS)
        : dueMs + lateByMs;
    if (!(await stop.sleep(Math.max(0, paysMs - heardMs)))) return;
    payments.charge(this.#id, deadlineMs, draws.paysTwice(number, visit));
    const regretsAfterMs = draws.cancelsPaidAfterMs(number, visit);
    if (regretsAfterMs !== null) await this.#cancel(regretsAfterMs);
  }

  /** Whatever he hears, he leaves it at that: a hold that is not cancelled runs out by itself. */
  async #cancel(afterMs: number): Promise<void> {
    const { client, clock, stop } = this.#market;
    const dueMs = clock.nowMs() + afterMs;
    if (!(await stop.sleep(afterMs))) return;
    this.#retries = 0;
    client.record(await this.#ask("cancel", dueMs));
  }
}

interface Next {
  readonly kind: "buy" | "query";
  readonly afterMs: number;
  /** True if he comes back to the sale, and not if it is over. */
  readonly returns: boolean;
}
