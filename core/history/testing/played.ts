/**
 * Good histories by chance: buyers play against the counter's twin, and every answer takes a random
 * time to decide and to hear, or is never heard. What nobody heard is asked for in the end.
 */
import { autoClaim } from "../../counter/outbox.ts";
import { applyCall, auditCounter, createCounter } from "../../counter/twin.ts";
import type { CounterCall, CounterReply, ItemResult } from "../../counter/calls.ts";
import { applyDatabase, createDatabase } from "../../orders/database.ts";
import { bookRecords } from "../history.ts";
import type { CallRecord, HistoryRecord, Outcome, RunRecord } from "../records.ts";
import { UnknownIds } from "../unknown-ids.ts";
import { call, START_UNIX_MS } from "./tale.ts";

/** One thing that somebody does, and how long the answer takes before and after the decision. */
export interface Act {
  readonly what: "buy" | "pay" | "cancel" | "query" | "sweep" | "click" | "settle";
  /** Since the act before. */
  readonly afterMs: number;
  readonly who: number;
  readonly qty: number;
  readonly beforeMs: number;
  readonly behindMs: number;
  /** The answer is never heard. */
  readonly isLost: boolean;
}

export interface Rules {
  readonly run: RunRecord;
  /** A refusal may be given on a word of the counter that is up to this old. */
  readonly pollMs: number;
}

/** All records after the first, in the order in which they came about. */
export function play(acts: readonly Act[], { run, pollMs }: Rules): HistoryRecord[] {
  return new Play(run, pollMs).play(acts);
}

class Play {
  readonly #run: RunRecord;
  readonly #pollMs: number;
  readonly #counter = createCounter();
  readonly #records: HistoryRecord[] = [];
  readonly #unknown = new UnknownIds();
  readonly #visits = new Map<number, number>();
  /** What was free, and until when. */
  readonly #word: { left: number; untilMs: number }[] = [];
  #nowMs = 0;
  #left: number;

  constructor(run: RunRecord, pollMs: number) {
    this.#run = run;
    this.#pollMs = pollMs;
    this.#left = run.tickets;
    this.#ask({ script: "init", total: run.tickets, epoch: 1 });
    this.#ask({ script: "open", epoch: 1 });
  }

  play(acts: readonly Act[]): HistoryRecord[] {
    for (const act of acts) {
      this.#nowMs += act.afterMs;
      this.#act(act);
    }
    const { holdMs, graceMs } = this.#run;
    this.#nowMs += holdMs + graceMs + 1;
    this.#sweep();
    for (const id of this.#unknown.ids()) this.#query(id, 1, 1, false);
    this.#records.push({ type: "settled", atMs: this.#nowMs });
    return [...this.#heardInOrder(), ...this.#books()];
  }

  #act({ what, who, qty, beforeMs, behindMs, isLost }: Act): void {
    const visit = this.#visits.get(who) ?? 0;
    const id = `${who}.${visit}`;
    switch (what) {
      case "buy":
        this.#visits.set(who, visit + 1);
        this.#buy(`${who}.${visit + 1}`, qty, beforeMs, behindMs, isLost);
        return;
      case "click":
        this.#buy(id, qty, beforeMs, behindMs, isLost);
        return;
      case "pay":
        this.#pay(id, qty, beforeMs, behindMs, isLost);
        return;
      case "cancel": {
        const code = this.#item({ script: "release", epoch: 1, items: [{ id }] }).code;
        const outcome = code === "CONFIRMED" ? "CONFIRMED" : "CANCELLED";
        this.#heard("cancel", id, beforeMs, behindMs, isLost, outcome);
        return;
      }
      case "query":
        this.#query(id, beforeMs, behindMs, isLost);
        return;
      case "sweep":
        this.#sweep();
        return;
      case "settle":
        // A server that lost the outcome settles it, long after its buyer heard UNKNOWN.
        this.#item({ script: "settle", epoch: 1, items: [{ id }] });
    }
  }

  #buy(id: string, qty: number, beforeMs: number, behindMs: number, isLost: boolean): void {
    const buyer = `b${id.split(".")[0]}`;
    if (this.#quickRefusal(qty, beforeMs)) {
      this.#heard("buy", id, beforeMs, behindMs, isLost, "SOLDOUT", { qty, buyer });
      return;
    }
    const { holdMs, maxPerBuyer } = this.#run;
    const item = { id, qty, buyer, ttlMs: holdMs, maxPerBuyer, requestDeadlineMs: 0 };
    const call: CounterCall = {
      script: "reserve",
      epoch: 1,
      server: "s1",
      incarnation: 0,
      items: [item],
    };
    this.#told("buy", id, this.#item(call), beforeMs, behindMs, isLost, { qty, buyer });
  }

  /** Somebody remembers a word, heard since `beforeMs` or a little before, by which it is sold out. */
  #quickRefusal(qty: number, beforeMs: number): boolean {
    const sinceMs = this.#nowMs - Math.min(this.#pollMs, beforeMs + this.#pollMs);
    return this.#word.some(({ left, untilMs }) => left < qty && untilMs >= sinceMs);
  }

  #pay(id: string, device: number, beforeMs: number, behindMs: number, isLost: boolean): void {
    const paymentId = `pay-${id}-${device}`;
    const deadlineMs = this.#deadlineTold(id);
    if (deadlineMs === null) return;
    const atMs = this.#nowMs - beforeMs;
    const charged = this.#records.some(
      (record) => record.type === "charge" && record.paymentId === paymentId,
    );
    if (!charged) {
      const unixMs = START_UNIX_MS + atMs;
      this.#records.push({ type: "charge", paymentId, id, atMs, unixMs, deadlineMs });
    }
    const items = [{ id, paymentId }];
    const { latePayment } = this.#run;
    const { code } = this.#item({ script: "confirm", epoch: 1, latePayment, items });
    const isPaid = code === "OK" || code === "DUP" || code === "REVIVED";
    const outcome = isPaid ? "PAID" : "REFUND";
    this.#heard("pay", id, beforeMs, behindMs, isLost, outcome, { paymentId, buyer: "" });
  }

  #deadlineTold(id: string): number | null {
    for (const record of this.#records)
      if (record.type === "call" && record.id === id && record.outcome === "ACK")
        return record.deadlineMs;
    return null;
  }

  #query(id: string, beforeMs: number, behindMs: number, isLost: boolean): void {
    const result = this.#item({ script: "settle", epoch: 1, items: [{ id }] });
    this.#told("query", id, { ...result, code: "DUP" }, beforeMs, behindMs, isLost, {});
  }

  #sweep(): void {
    const { graceMs } = this.#run;
    this.#ask({ script: "sweep", epoch: 1, limit: 100, graceMs, retainMs: 1e9 });
  }

  /** What the ticket server makes of the counter's answer. */
  #told(
    kind: "buy" | "query",
    id: string,
    { code, state, deadlineMs }: ItemResult,
    beforeMs: number,
    behindMs: number,
    isLost: boolean,
    terms: Partial<CallRecord>,
  ): void {
    const lives = (code === "OK" || code === "DUP") && (state === "H" || state === "C");
    if (lives) {
      const paid = state === "C";
      this.#heard(kind, id, beforeMs, behindMs, isLost, "ACK", { ...terms, deadlineMs, paid });
    } else if (code === "SOLDOUT" || code === "USERLIMIT") {
      const final = kind === "buy";
      this.#heard(kind, id, beforeMs, behindMs, isLost, code, { ...terms, final });
    } else {
      const reason = "id-spent";
      this.#heard(kind, id, beforeMs, behindMs, isLost, "TRYAGAIN", { ...terms, reason });
    }
  }

  #heard(
    kind: CallRecord["kind"],
    id: string,
    beforeMs: number,
    behindMs: number,
    isLost: boolean,
    outcome: Outcome,
    terms: Partial<CallRecord> = {},
  ): void {
    const interval = [this.#nowMs - beforeMs, this.#nowMs + behindMs] as const;
    const heard = isLost
      ? call(kind, id, interval, "NONE", { qty: terms.qty ?? 0, paymentId: terms.paymentId ?? "" })
      : call(kind, id, interval, outcome, terms);
    this.#records.push(heard);
    this.#unknown.heard(heard);
  }

  #item(asked: CounterCall): ItemResult {
    return this.#ask(asked).results[0];
  }

  #ask(asked: CounterCall): CounterReply {
    const unixMs = START_UNIX_MS + this.#nowMs;
    this.#word.push({ left: this.#left, untilMs: this.#nowMs });
    const seen = this.#counter.outbox.events.length;
    const reply = applyCall(this.#counter, asked, unixMs);
    this.#left = reply.left;
    for (const event of this.#counter.outbox.events.slice(seen)) {
      // Misdated by as much as may be, one way, not at all, and the other way.
      const atMs = this.#nowMs + ((this.#records.length % 3) - 1) * this.#run.skewMs;
      this.#records.push({ type: "issued", atMs, unixMs, event });
    }
    return reply;
  }

  /** Calls are recorded when they end. */
  #heardInOrder(): HistoryRecord[] {
    const calls = this.#records.filter((record) => record.type === "call");
    const others = this.#records.filter((record) => record.type !== "call");
    return [...others, ...calls.toSorted((a, b) => a.leftMs - b.leftMs)];
  }

  #books(): HistoryRecord[] {
    const atMs = this.#nowMs;
    const database = createDatabase(this.#run.tickets);
    applyDatabase(database, { call: "record", events: this.#counter.outbox.events });
    return [
      { type: "audit", atMs, audit: auditCounter(this.#counter) },
      ...bookRecords(database, autoClaim(this.#counter, "", 0, 1, 0).length === 0, atMs),
    ];
  }
}
