/**
 * What the engine can ask of the global counter, and what the counter answers.
 *
 * A call is plain data. A real driver encodes it as KEYS and ARGV of a Lua script
 * (`encoding.ts`); the simulator hands it to the TypeScript twin (`twin.ts`) as it is. Both give
 * the same reply, which `props/` shows on random sequences of calls.
 *
 * One sale is one counter: one Redis hash tag, one Cluster slot.
 */

/** Held, Confirmed, Expired, reLeased, Refunded, tombstone (an id that may never be reserved). */
export type ReservationState = "H" | "C" | "X" | "L" | "R" | "D";

export interface ReserveItem {
  /** The request id, which is the reservation id. */
  readonly id: string;
  /** Tickets wanted, a positive integer of at most 9 digits. */
  readonly qty: number;
  /** Who buys; empty for an anonymous buyer, to whom no buyer limit applies. */
  readonly buyer: string;
  /** How long the ticket is held unpaid, as an interval: callers send no absolute times. */
  readonly ttlMs: number;
  /** Tickets one buyer may hold and own together; 0 for no limit. */
  readonly maxPerBuyer: number;
  /**
   * The one absolute time, in counter time: the last counter time this server saw plus a budget.
   * Past it the answer is LATE, so that a request delayed in the network cannot land after its
   * buyer was told something else. 0 for none.
   */
  readonly requestDeadlineMs: number;
}

export interface ConfirmItem {
  readonly id: string;
  readonly paymentId: string;
}

export interface IdItem {
  readonly id: string;
}

/** What release and refund have in common. */
interface TakeBack {
  readonly epoch: number;
  /** Why, in one word, for the order book. Empty or missing: nobody said. */
  readonly reason?: string;
  readonly items: readonly IdItem[];
}

/**
 * What a payment that comes after the deadline means. `lazy`: the state decides, an unswept hold
 * is confirmed. `strict`: past its deadline a hold is refused even if unswept. `revive`: lazy, and
 * an expired reservation is deducted again if stock remains.
 */
export type LatePayment = "lazy" | "strict" | "revive";

export type CounterCall =
  | { readonly script: "init"; readonly total: number; readonly epoch: number }
  | { readonly script: "open"; readonly epoch: number }
  | {
      readonly script: "reserve";
      readonly epoch: number;
      readonly server: string;
      /** Start number of the server process: a restarted server is another incarnation. */
      readonly incarnation: number;
      readonly items: readonly ReserveItem[];
    }
  | {
      readonly script: "confirm";
      readonly epoch: number;
      readonly latePayment: LatePayment;
      readonly items: readonly ConfirmItem[];
    }
  | ({ readonly script: "release" } & TakeBack)
  | ({ readonly script: "refund" } & TakeBack)
  | { readonly script: "settle"; readonly epoch: number; readonly items: readonly IdItem[] }
  | {
      readonly script: "grant";
      readonly epoch: number;
      readonly server: string;
      /** A server not heard of (reserve or grant) for this long is not live. */
      readonly liveMs: number;
    }
  | {
      readonly script: "sweep";
      readonly epoch: number;
      /** Reservations expired at most by this call. */
      readonly limit: number;
      /** A hold is swept at deadline + grace. */
      readonly graceMs: number;
      /** Rows in a final state other than confirmed are deleted this long after they reached it. */
      readonly retainMs: number;
    }
  | {
      readonly script: "resize";
      readonly epoch: number;
      readonly newTotal: number;
      readonly expectedTotal: number;
    }
  | { readonly script: "audit" };

export type ScriptName = CounterCall["script"];

/** The call of one script. */
export type CallOf<S extends ScriptName> = Extract<CounterCall, { script: S }>;

export const RESERVE_CODES = [
  "OK",
  "DUP",
  "CONFLICT",
  "SOLDOUT",
  "USERLIMIT",
  "LATE",
  "NOTOPEN",
  "FENCED",
  "SEALED",
] as const;
/**
 * A payment's first answer is final. Delivered again, a payment that confirmed (OK, REVIVED) hears
 * DUP, also after a refund of its reservation; any other hears its first answer again. Only the
 * first answer has effects.
 */
export const CONFIRM_CODES = [
  "OK",
  "DUP",
  "DOUBLEPAY",
  "PAYMENTCONFLICT",
  "REVIVED",
  "EXPIRED",
  "RELEASED",
  "NOSUCH",
  "FENCED",
] as const;
export const RELEASE_CODES = ["OK", "DUP", "CONFIRMED", "TOMBSTONE", "FENCED"] as const;
export const REFUND_CODES = ["OK", "DUP", "NOTCONFIRMED", "NOSUCH", "FENCED"] as const;
export const SETTLE_CODES = ["OK", "FENCED"] as const;
/** Codes of the calls that have no items. */
export const CALL_CODES = ["OK", "DUP", "EXISTS", "CONFLICT", "BELOWSOLD", "FENCED"] as const;

export type ItemCode =
  | (typeof RESERVE_CODES)[number]
  | (typeof CONFIRM_CODES)[number]
  | (typeof RELEASE_CODES)[number]
  | (typeof REFUND_CODES)[number];

/**
 * The answer to one item of a batch: the code, and the id's row as it is after the item. Where
 * there is no row (a refused reserve, FENCED, ...) the other fields are empty and 0.
 */
export interface ItemResult {
  readonly code: ItemCode;
  /**
   * The row's state: for DUP the state in which the id was found, for settle the state it has from
   * now on (D if settle wrote the tombstone).
   */
  readonly state: ReservationState | "";
  /** When the hold is, or was, due, in counter time. 0 for a tombstone. */
  readonly deadlineMs: number;
  /** Whose reservation it is; on DUP and settle the slot is kept only if both are mine. */
  readonly server: string;
  readonly incarnation: number;
  /** Tickets of the row; 0 where there is no row. */
  readonly qty: number;
}

/** One reservation that a sweep expired. */
export interface SweptReservation {
  readonly id: string;
  readonly qty: number;
}

/** What an audit reads: everything that conservation speaks of. */
export interface CounterAudit {
  readonly total: number;
  readonly sold: number;
  /** Sums over the rows, not over counters kept beside them. */
  readonly heldUnits: number;
  readonly confirmedUnits: number;
  readonly heldRows: number;
  /** Entries of the deadline set: must equal heldRows. */
  readonly deadlines: number;
  /** Sum of the per-buyer counts: must equal the units held and confirmed by named buyers. */
  readonly buyerUnits: number;
  readonly namedUnits: number;
}

/**
 * A script-level refusal: nothing was written. `NOEVENT`: there is no such sale; the counter is
 * never created by a call other than init. The rest: an argument is malformed.
 */
export type ScriptError = "NOEVENT" | "BADQTY" | "BADARG" | "BADTTL" | "BADTOTAL";

export interface CounterReply {
  /** If not null, nothing else of the reply says anything: texts are empty, numbers 0. */
  readonly error: ScriptError | null;
  /** Of a call without items, or FENCED for a whole batch; OK for a batch that ran. */
  readonly code: (typeof CALL_CODES)[number];
  readonly epoch: number;
  /** Moves whenever free stock grows: release, sweep, refund, resize. */
  readonly generation: number;
  /** Free tickets after the call. */
  readonly left: number;
  /** Counter time: Redis TIME plus the offset that only recovery sets, never moving backwards. */
  readonly timeMs: number;
  /** One for each item, in order; empty for calls without items. */
  readonly results: readonly ItemResult[];
  /** sweep: what expired, in deadline order. Empty otherwise. */
  readonly swept: readonly SweptReservation[];
  /** grant: servers heard of within liveMs, the caller included. 0 otherwise. */
  readonly liveServers: number;
  readonly audit: CounterAudit | null;
}

/** What the outbox carries to the order book: one event for each change of a reservation. */
export interface OutboxEvent {
  /** Stream position; increases. In Redis `ms-seq`, in the twin a plain counter as text. */
  readonly position: string;
  /**
   * H, C, X, L, R: the reservation entered that state. `refund`: the payment was charged and does
   * not confirm anything, and must be given back (once for each payment id).
   */
  readonly kind: "H" | "C" | "X" | "L" | "R" | "refund";
  readonly id: string;
  readonly qty: number;
  readonly buyer: string;
  /** C and refund: the payment; empty otherwise. */
  readonly paymentId: string;
  /** L and R: why, if the caller of release or refund said so. */
  readonly reason?: string;
}
