/**
 * What a deduction strategy is: the part that decides, with everything around it (clock, network,
 * Redis, database) left to a world, simulated or real.
 *
 * A component is plain data plus `step(state, input, nowMs, out)`. It never waits: it pushes
 * effects to `out`, the world carries them out, and completions come back as inputs. There is no
 * promise, timer or callback inside, so that a simulator can stop it between any two steps, and a
 * real server can drive it from its event loop.
 *
 * `nowMs` is the process's own monotonic clock in milliseconds, with fractions.
 */
import type { Answer, CancelAnswer, PaymentAnswer, TryAgainReason } from "./answers.ts";
import type { CounterAudit, CounterCall, CounterReply, OutboxEvent } from "./counter/calls.ts";
import type { RedisCounter } from "./counter/redis-counter.ts";
import type { DatabaseCall, DatabaseReply } from "./orders/calls.ts";

/** The rules of one sale, the same for every server. */
export interface SaleRules {
  readonly saleId: string;
  readonly tickets: number;
  /** How long an unpaid ticket is held. */
  readonly holdMs: number;
  /** A hold is swept this long after its deadline, so that a payment made in time can arrive. */
  readonly graceMs: number;
  /** Tickets one buyer may hold and own together; 0 for no limit. */
  readonly maxPerBuyer: number;
  readonly latePayment: "lazy" | "strict" | "revive";
  /** Final rows and tombstones are kept this long: longer than any request lives. */
  readonly retainMs: number;
}

/** How a ticket server talks to the counter. */
export interface ServerRules {
  /** on-demand: an exhausted server asks the counter for more quota. off: slice + buffer is all. */
  readonly refill: "on-demand" | "off";
  /** The counter's word is good for this long; a latched server asks again after it. */
  readonly pollMs: number;
  /** A counter or database call without an answer for this long has an unknown outcome. */
  readonly callTimeoutMs: number;
  /** A reservation must reach the counter within this time of its admission. */
  readonly requestLifetimeMs: number;
  /** Unknown outcomes are asked about this often until they are known. */
  readonly settleMs: number;
  /**
   * Most items in one script call. Larger batches cost Redis less for each item; but where one takes
   * all that wait, Redis and the server wait for each other in turn.
   */
  readonly batchMax: number;
  /** Most script calls under way at once. */
  readonly inflightMax: number;
  /** Most requests that wait for the counter; more are told TRYAGAIN. */
  readonly waitingMax: number;
  /** A server not heard of for this long gets no share of the remaining stock. */
  readonly liveMs: number;
}

/** One start of one ticket server. */
export interface ServerConfig {
  readonly name: string;
  /** 0 for the first start; a restarted server starts with quota 0 and lives on grants. */
  readonly incarnation: number;
  readonly slice: number;
  readonly buffer: number;
  readonly epoch: number;
  readonly sale: SaleRules;
  readonly rules: ServerRules;
}

/** Errors of a call: the first word of a Redis error, or an SQLSTATE. */
export type CallError = string;

/** Redis errors that say that nothing ran. After any other the outcome is unknown. */
export const DEFINITE_ERRORS: readonly CallError[] = [
  "NOSCRIPT",
  "OOM",
  "READONLY",
  "LOADING",
  "NOREPLICAS",
  "MASTERDOWN",
  "BUSY",
  "CROSSSLOT",
];

/** The order database's: too_many_connections. */
export const DATABASE_DEFINITE_ERRORS: readonly CallError[] = ["53300"];

/** `handle` names the caller to answer; the world chooses it and gets it back in the answer. */
export type ServerInput =
  | { readonly type: "start" }
  | {
      readonly type: "buy";
      readonly handle: number;
      readonly id: string;
      readonly buyer: string;
      readonly qty: number;
    }
  | {
      readonly type: "pay";
      readonly handle: number;
      readonly id: string;
      readonly paymentId: string;
    }
  | { readonly type: "cancel"; readonly handle: number; readonly id: string }
  | { readonly type: "query"; readonly handle: number; readonly id: string }
  | { readonly type: "flush" }
  | { readonly type: "counter-reply"; readonly op: number; readonly reply: CounterReply }
  | { readonly type: "counter-failed"; readonly op: number; readonly error: CallError }
  | { readonly type: "database-reply"; readonly op: number; readonly reply: DatabaseReply }
  | { readonly type: "database-failed"; readonly op: number; readonly error: CallError }
  | { readonly type: "timer"; readonly timer: string }
  | { readonly type: "drain" };

/** What an ACK gives the buyer: a hold that must be paid, a finished sale, or only an order. */
export type Claim = "hold" | "sale" | "order";

export type ServerEffect =
  | {
      readonly type: "answer";
      readonly handle: number;
      readonly answer: "ACK";
      readonly id: string;
      readonly claim: Claim;
      /** Counter time at which the hold is due; 0 if there is no deadline. */
      readonly deadlineMs: number;
      /** True if the reservation is paid already (the answer to a repeated request or a query). */
      readonly paid: boolean;
    }
  | {
      readonly type: "answer";
      readonly handle: number;
      readonly answer: Exclude<Answer, "ACK" | "TRYAGAIN">;
      readonly id: string;
    }
  | {
      readonly type: "answer";
      readonly handle: number;
      readonly answer: "TRYAGAIN";
      readonly id: string;
      readonly reason: TryAgainReason;
    }
  | { readonly type: "pay-answer"; readonly handle: number; readonly answer: PaymentAnswer }
  | { readonly type: "cancel-answer"; readonly handle: number; readonly answer: CancelAnswer }
  | {
      readonly type: "call-counter";
      readonly op: number;
      readonly call: CounterCall;
      readonly timeoutMs: number;
    }
  | {
      readonly type: "call-database";
      readonly op: number;
      readonly call: DatabaseCall;
      readonly timeoutMs: number;
    }
  /** The world gives the input `flush` after the last input of this instant. */
  | { readonly type: "flush-soon" }
  | { readonly type: "timer"; readonly timer: string; readonly afterMs: number };

/** The ticket server of a strategy. `S` is its state: plain data. */
export interface TicketServer<S> {
  create(config: ServerConfig): S;
  /**
   * The refusal that needs no call, or null to go on with `step`. This is what 99 of 100 buyers
   * get: it must not allocate, and it must not change `state`.
   */
  quickRefusal?(this: void, state: S, qty: number, nowMs: number): "SOLDOUT" | null;
  step(state: S, input: ServerInput, nowMs: number, out: ServerEffect[]): void;
}

/** The stock's authority: the scripts of a strategy as pure functions of plain data. */
export interface CounterDefinition<C> {
  create(): C;
  /** Runs one call at Redis's own clock `redisTimeMs`. */
  apply(state: C, call: CounterCall, redisTimeMs: number): CounterReply;
  audit(state: C): CounterAudit;
  /** The outbox, read with the semantics of a Redis stream's consumer group. */
  readonly outbox: OutboxDefinition<C> | null;
  /** The same scripts on a real Redis; without it the strategy runs only simulated. */
  readonly redis?: RedisCounter;
}

export interface OutboxDefinition<C> {
  readGroup(state: C, consumer: string, count: number, nowMs: number): readonly OutboxEvent[];
  autoClaim(
    state: C,
    consumer: string,
    minIdleMs: number,
    count: number,
    nowMs: number,
  ): readonly OutboxEvent[];
  ack(state: C, positions: readonly string[]): void;
  /** Deletes what every worker has finished with; never above the lowest pending position. */
  trim(state: C): void;
  /** Events not yet acknowledged. */
  backlog(state: C): number;
}

/** A whole strategy, as `--strategy ./mine.ts` exports it by default. */
export interface Strategy<S = unknown, C = unknown> {
  readonly name: string;
  readonly summary: string;
  /** Where the stock is counted: the Redis counter, or the stock row of the order database. */
  readonly authority: "counter" | "database";
  readonly server: TicketServer<S>;
  readonly counter: CounterDefinition<C>;
}
