/**
 * The history of a run on real parts: what each buyer was told, what was charged, what was issued.
 * One record is one line of JSON (`codec.ts`); the whole is judged by `judge-history.ts`.
 *
 * Times `…Ms` are milliseconds since the run's start, with fractions, on one monotonic clock: that
 * of the process that played the buyers. `deadlineMs` and `unixMs` are Unix milliseconds, the time
 * of the counter. What the counter issued, and what the stock was, is dated there and was moved to
 * the run's clock when it was read; it may be wrong by `run.skewMs` either way.
 */
import type { Answer, CancelAnswer, PaymentAnswer, TryAgainReason } from "../answers.ts";
import type { CounterAudit, OutboxEvent } from "../counter/calls.ts";
import type { Order } from "../orders/database.ts";
import type { Claim } from "../strategy.ts";

/** Always the first record. */
export interface RunRecord {
  readonly type: "run";
  readonly schemaVersion: 1;
  readonly seed: string;
  readonly scenario: string;
  readonly strategy: string;
  readonly authority: "counter" | "database";
  /**
   * What tells the course of the stock. `outbox`: the counter's stream, all of it in order.
   * `stock`: the stock row's log. `none`: only its state at the end; such a counter never takes a
   * ticket back.
   */
  readonly source: "outbox" | "stock" | "none";
  /** Unix time of the run's start: when it was, no more. */
  readonly startUnixMs: number;
  readonly skewMs: number;
  readonly tickets: number;
  readonly holdMs: number;
  readonly graceMs: number;
  readonly maxPerBuyer: number;
  readonly latePayment: "lazy" | "strict" | "revive";
  /** As in `JudgeConfig`. */
  readonly refillBoundMs: number;
  readonly replyBoundMs: number;
}

/**
 * What a caller heard. `NONE`: nothing that a ticket server said, so the request may have had any
 * effect or none, now or later. `UNSENT`: there was no connection to send it on: it had no effect.
 */
export type Outcome = Answer | PaymentAnswer | CancelAnswer | "NONE" | "UNSENT";

/** Who called. `echo` is the second click of a double click: its answer interests nobody. */
export type Caller = "buyer" | "bot" | "echo" | "provider" | "resolver" | "probe";

export interface CallRecord {
  readonly type: "call";
  readonly kind: "buy" | "pay" | "cancel" | "query";
  readonly caller: Caller;
  /** The reservation. */
  readonly id: string;
  /** Empty for an anonymous one. */
  readonly buyer: string;
  /** Tickets asked for; 0 where the call does not say it. */
  readonly qty: number;
  /** The payment that a `pay` delivers; empty otherwise. */
  readonly paymentId: string;
  /** Whom it was sent to: "127.0.0.1:3001". */
  readonly front: string;
  /** When it was sent. */
  readonly startMs: number;
  /** How much later that was than the caller wanted: waiting times are counted from then. */
  readonly lateMs: number;
  /** When the answer had come; null for NONE and UNSENT. */
  readonly endMs: number | null;
  /** When the caller stopped waiting: never before `endMs`. */
  readonly leftMs: number;
  readonly outcome: Outcome;
  /** Of an ACK: what it is worth; null for every other outcome. */
  readonly claim: Claim | null;
  /** Of an ACK: when the hold is due, in counter time; 0 for none. */
  readonly deadlineMs: number;
  /** Of an ACK: whether it is paid. */
  readonly paid: boolean;
  /** Of a TRYAGAIN; null for every other outcome. */
  readonly reason: TryAgainReason | null;
  /** True if the caller went away for good on this answer, without a ticket. */
  readonly final: boolean;
}

/** The provider took a buyer's money. */
export interface ChargeRecord {
  readonly type: "charge";
  readonly paymentId: string;
  readonly id: string;
  readonly atMs: number;
  readonly unixMs: number;
  /** The deadline that the buyer had been told, in counter time; 0 for none. */
  readonly deadlineMs: number;
}

/** One event of the counter's outbox. The records are in stream order. */
export interface IssuedRecord {
  readonly type: "issued";
  readonly atMs: number;
  /** As the stream has it. */
  readonly unixMs: number;
  readonly event: OutboxEvent;
}

/** The stock row has `left` free tickets from then on. In order of its commits. */
export interface StockRecord {
  readonly type: "stock";
  readonly atMs: number;
  readonly left: number;
}

/** For the timeline; nothing is judged by it. */
export interface FaultRecord {
  readonly type: "fault";
  readonly kind: string;
  readonly target: number | null;
  readonly atMs: number;
  /** When it was over; null if it lasted to the end. */
  readonly endMs: number | null;
}

/** Everything had sold, expired or been explained; what follows are probes. */
export interface SettledRecord {
  readonly type: "settled";
  readonly atMs: number;
}

/** The whole counter at the end, read when nothing was under way and all it issued is recorded. */
export interface AuditRecord {
  readonly type: "audit";
  readonly atMs: number;
  readonly audit: CounterAudit;
}

/** One order of the book at the end. */
export interface OrderRecord extends Readonly<Order> {
  readonly type: "order";
}

/** One payment that the book gives back, for the order `id`. */
export interface RefundRecord {
  readonly type: "refund";
  readonly paymentId: string;
  readonly id: string;
}

/** The order book was read. */
export interface BookRecord {
  readonly type: "book";
  readonly atMs: number;
  /** True if everything that was issued had reached it. */
  readonly drained: boolean;
  readonly total: number;
  readonly sold: number;
  readonly confirmed: number;
  readonly statements: number;
}

export type HistoryRecord =
  | RunRecord
  | CallRecord
  | ChargeRecord
  | IssuedRecord
  | StockRecord
  | FaultRecord
  | SettledRecord
  | AuditRecord
  | OrderRecord
  | RefundRecord
  | BookRecord;

/** Whatever takes records as they come: a file, a `HistoryLog`, or both. */
export interface HistorySink {
  add(record: HistoryRecord): void;
}
