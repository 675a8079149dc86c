/** What may be asked of the order database, and what it answers. Each call is one transaction. */
import type { OutboxEvent } from "../counter/calls.ts";

export type DatabaseCall =
  /** Order worker: move orders up their rank and add refunds, each at most once. */
  | { readonly call: "record"; readonly events: readonly OutboxEvent[] }
  /** order-first: insert the order and decrement the stock row, or neither. */
  | {
      readonly call: "place-and-deduct";
      readonly id: string;
      readonly buyer: string;
      readonly qty: number;
      readonly maxPerBuyer: number;
    }
  /** order-first: mark the order paid. */
  | { readonly call: "pay"; readonly id: string; readonly paymentId: string }
  /** pay-first: insert the order only. */
  | {
      readonly call: "place";
      readonly id: string;
      readonly buyer: string;
      readonly qty: number;
      readonly maxPerBuyer: number;
    }
  /** pay-first: decrement the stock row for a paid order, or note that the charge goes back. */
  | { readonly call: "pay-and-deduct"; readonly id: string; readonly paymentId: string }
  /** Cancel an unpaid order; its stock, if deducted, goes back. */
  | { readonly call: "cancel"; readonly id: string }
  /** The state of an order; writes a tombstone if there is none, so that none can come later. */
  | { readonly call: "settle"; readonly id: string };

export interface DatabaseReply {
  readonly code:
    | "OK"
    | "DUP"
    | "SOLDOUT"
    | "USERLIMIT"
    | "GONE"
    | "PAID"
    | "REFUND"
    | "PAYMENTCONFLICT"
    | "NOSUCH"
    | "CONFIRMED";
  /** Free tickets of the stock row after the call. */
  readonly left: number;
}
