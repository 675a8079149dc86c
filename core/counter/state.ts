/**
 * What the twin keeps: for each Redis key of a sale (see `counterKeys` in encoding.ts) the
 * structure of the same name. Plain data: objects, arrays and Maps, so that a state can be cloned.
 */
import type { ReservationState } from "./calls.ts";
import type { Outbox } from "./outbox.ts";
import { createOutbox } from "./outbox.ts";
import type { SortedSet } from "./sorted-set.ts";
import { createSortedSet } from "./sorted-set.ts";

/** The sale's hash. */
export interface Sale {
  /** ticket_total_nums */
  total: number;
  /** ticket_sold_nums: held + confirmed. */
  sold: number;
  epoch: number;
  generation: number;
  open: boolean;
  /** Time of the last call, the high-water mark that counter time never falls behind. */
  clockMs: number;
  /** Counter time less Redis TIME; only recovery sets it. */
  clockOffsetMs: number;
}

export interface Row {
  state: ReservationState;
  readonly qty: number;
  /** Counter time at which the hold is, or was, due. */
  readonly deadlineMs: number;
  readonly server: string;
  readonly incarnation: number;
  readonly buyer: string;
  /** Kept for a revival, which must not lift the buyer above it. */
  readonly maxPerBuyer: number;
  /** The payment that confirmed the row; empty before. */
  paymentId: string;
}

/** The first final answer to a payment: it stands for good. */
export interface Payment {
  readonly code: "OK" | "REVIVED" | "EXPIRED" | "RELEASED" | "NOSUCH" | "DOUBLEPAY";
  /** The reservation that was paid. */
  readonly id: string;
}

export interface CounterState {
  /** Null if there is no such sale. */
  sale: Sale | null;
  readonly rows: Map<string, Row>;
  /** Held rows by the time they are due. */
  readonly deadlines: SortedSet;
  /** Rows in X, L, R and D by the time they got there. */
  readonly retired: SortedSet;
  readonly outbox: Outbox;
  /** Tickets that a named buyer holds and owns; no entry for 0. */
  readonly buyers: Map<string, number>;
  readonly payments: Map<string, Payment>;
  /** When each ticket server was last heard of. */
  readonly servers: Map<string, number>;
}

export function createCounter(): CounterState {
  return {
    sale: null,
    rows: new Map(),
    deadlines: createSortedSet(),
    retired: createSortedSet(),
    outbox: createOutbox(),
    buyers: new Map(),
    payments: new Map(),
    servers: new Map(),
  };
}
