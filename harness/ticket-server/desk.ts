/**
 * The desk between HTTP and the engine: takes requests that have been read and checked, and writes
 * each its answer, at once or when the engine has one.
 */
import { answerOf, httpAnswer } from "./answers.ts";
import type { AnswerName, HttpAnswer } from "./answers.ts";
import type { AskedToBuy } from "./asked.ts";
import type { AnswerEffect, Driver } from "./driver.ts";
import { viewOf } from "./engine-view.ts";
import type { Gauges, Metrics, RequestKind } from "./metrics.ts";
import { RememberedRequests } from "./remembered.ts";
import { respond } from "./respond.ts";
import type { Caller } from "./respond.ts";
import { Slots } from "./slots.ts";
import type { StatLog } from "./stat-log.ts";

/** A request that the engine owes an answer. */
interface Owed {
  readonly kind: RequestKind;
  readonly id: string;
  /** Tickets that an ACK would be for; 0 if it would tell of an earlier one. */
  readonly qty: number;
  /** Its answer decides what is remembered of the id. */
  readonly isRemembered: boolean;
  readonly caller: Caller;
  readonly sinceMs: number;
}

export class Desk {
  readonly #driver: Driver;
  readonly #metrics: Metrics;
  readonly #statLog: StatLog | null;
  /** null for a strategy that keeps no reservations. */
  readonly #remembered: RememberedRequests | null;
  readonly #owed = new Slots<Owed>();
  #ticketsAcked = 0;
  isDraining = false;

  constructor(options: {
    readonly createDriver: (answered: (effect: AnswerEffect) => void) => Driver;
    readonly metrics: Metrics;
    readonly statLog: StatLog | null;
    readonly remembers: boolean;
  }) {
    this.#driver = options.createDriver((effect) => this.#answered(effect));
    this.#metrics = options.metrics;
    this.#statLog = options.statLog;
    this.#remembered = options.remembers ? new RememberedRequests() : null;
  }

  /** @param isNew The id was made for this request, so that it repeats none. */
  buy(caller: Caller, id: string, isNew: boolean, { buyer, qty }: AskedToBuy): void {
    const nowMs = this.#driver.nowMs();
    this.#statLog?.requestCame();
    const before = isNew ? null : (this.#remembered?.find(id, buyer, qty) ?? null);
    if (before === null && !this.isDraining && this.#driver.refusesQuickly(qty, nowMs)) {
      this.#write("buy", "SOLDOUT", caller, httpAnswer("SOLDOUT", id), 0);
      return;
    }
    if (before === "answered") {
      // It holds a ticket, or may: its row tells, whatever the stock is.
      const handle = this.#owed.put({
        kind: "buy",
        id,
        qty: 0,
        isRemembered: true,
        caller,
        sinceMs: nowMs,
      });
      this.#driver.give({ type: "query", handle, id });
      return;
    }
    const isRemembered = this.#remembered?.add(id, isNew, buyer, qty) ?? false;
    const handle = this.#owed.put({ kind: "buy", id, qty, isRemembered, caller, sinceMs: nowMs });
    this.#driver.give({ type: "buy", handle, id, buyer, qty });
  }

  pay(caller: Caller, id: string, paymentId: string): void {
    const handle = this.#oweAbout("pay", caller, id);
    this.#driver.give({ type: "pay", handle, id, paymentId });
  }

  cancel(caller: Caller, id: string): void {
    const handle = this.#oweAbout("cancel", caller, id);
    this.#driver.give({ type: "cancel", handle, id });
  }

  query(caller: Caller, id: string): void {
    const handle = this.#oweAbout("query", caller, id);
    this.#driver.give({ type: "query", handle, id });
  }

  /** Begins the engine's work: its first question to the counter. */
  start(): void {
    this.#driver.give({ type: "start" });
  }

  /** Admits nobody any more. Who waits is still answered. */
  drain(): void {
    this.isDraining = true;
    this.#driver.give({ type: "drain" });
  }

  stop(): void {
    this.#driver.stop();
  }

  gauges(): Gauges {
    return {
      inFlight: this.#owed.size,
      callsInFlight: this.#driver.callsInFlight,
      isDraining: this.isDraining,
      engine: viewOf(this.#driver.state),
    };
  }

  /** An answer about a reservation that is there already. */
  #oweAbout(kind: RequestKind, caller: Caller, id: string): number {
    const sinceMs = this.#driver.nowMs();
    return this.#owed.put({ kind, id, qty: 0, isRemembered: false, caller, sinceMs });
  }

  #answered(effect: AnswerEffect): void {
    const { handle, answer } = effect;
    const owed = this.#owed.take(handle);
    if (owed === null)
      throw new Error(`the strategy answered handle ${handle}, to which nothing is owed`);
    const { kind, id, caller, sinceMs } = owed;
    if (owed.isRemembered) {
      if (answer === "ACK" || answer === "UNKNOWN") this.#remembered?.keep(id);
      else this.#remembered?.forget(id);
    }
    if (answer === "ACK") this.#ticketsAcked += owed.qty;
    this.#write(kind, answer, caller, answerOf(effect, id), this.#driver.nowMs() - sinceMs);
  }

  #write(
    kind: RequestKind,
    answer: AnswerName,
    caller: Caller,
    http: HttpAnswer,
    afterMs: number,
  ): void {
    this.#metrics.answered(kind, answer, afterMs);
    if (kind === "buy" && this.#statLog !== null) {
      const localSales = viewOf(this.#driver.state)?.taken ?? this.#ticketsAcked;
      this.#statLog.requestAnswered(answer === "ACK", localSales);
    }
    respond(caller, http);
  }
}
