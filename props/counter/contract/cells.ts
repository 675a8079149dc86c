/**
 * The state table of the protocol, cell by cell: what each operation answers to a reservation of 2
 * tickets in each state, the state it leaves, and what it changes beside the row. Written down
 * from the protocol, not derived from any implementation.
 */
import type { ItemCode, ReservationState } from "../../../core/counter/calls.ts";

export type RowState = ReservationState | "";

export interface Cell {
  readonly from: RowState;
  readonly operation: Operation;
  readonly code: ItemCode;
  readonly to: RowState;
  /** Tickets that left (+) or came back to (-) the free stock. */
  readonly sold?: number;
  /** What the outbox gets, in order. */
  readonly events?: readonly string[];
}

export type Operation =
  | "reserve"
  | "reserve another quantity"
  | "reserve for another buyer"
  | "confirm"
  | "confirm strictly, in time"
  | "confirm strictly, too late"
  | "confirm lazily, too late"
  | "confirm with revive"
  | "deliver the payment again"
  | "pay twice"
  | "release"
  | "refund"
  | "settle";

export const CELLS: readonly Cell[] = [
  { from: "", operation: "reserve", code: "OK", to: "H", sold: 2, events: ["H"] },
  { from: "", operation: "confirm", code: "NOSUCH", to: "D", events: ["refund pay"] },
  { from: "", operation: "confirm with revive", code: "NOSUCH", to: "D", events: ["refund pay"] },
  { from: "", operation: "release", code: "TOMBSTONE", to: "D" },
  { from: "", operation: "refund", code: "NOSUCH", to: "" },
  { from: "", operation: "settle", code: "OK", to: "D" },

  { from: "H", operation: "reserve", code: "DUP", to: "H" },
  { from: "H", operation: "reserve another quantity", code: "CONFLICT", to: "H" },
  { from: "H", operation: "reserve for another buyer", code: "CONFLICT", to: "H" },
  { from: "H", operation: "confirm", code: "OK", to: "C", events: ["C pay"] },
  { from: "H", operation: "confirm with revive", code: "OK", to: "C", events: ["C pay"] },
  { from: "H", operation: "confirm strictly, in time", code: "OK", to: "C", events: ["C pay"] },
  {
    from: "H",
    operation: "confirm strictly, too late",
    code: "EXPIRED",
    to: "H",
    events: ["refund pay"],
  },
  { from: "H", operation: "confirm lazily, too late", code: "OK", to: "C", events: ["C pay"] },
  { from: "H", operation: "release", code: "OK", to: "L", sold: -2, events: ["L"] },
  { from: "H", operation: "refund", code: "NOTCONFIRMED", to: "H" },
  { from: "H", operation: "settle", code: "OK", to: "H" },

  { from: "C", operation: "reserve", code: "DUP", to: "C" },
  { from: "C", operation: "reserve another quantity", code: "CONFLICT", to: "C" },
  { from: "C", operation: "reserve for another buyer", code: "CONFLICT", to: "C" },
  { from: "C", operation: "deliver the payment again", code: "DUP", to: "C" },
  { from: "C", operation: "pay twice", code: "DOUBLEPAY", to: "C", events: ["refund other"] },
  { from: "C", operation: "release", code: "CONFIRMED", to: "C" },
  {
    from: "C",
    operation: "refund",
    code: "OK",
    to: "R",
    sold: -2,
    events: ["R", "refund first"],
  },
  { from: "C", operation: "settle", code: "OK", to: "C" },

  { from: "X", operation: "reserve", code: "DUP", to: "X" },
  { from: "X", operation: "reserve another quantity", code: "CONFLICT", to: "X" },
  { from: "X", operation: "confirm", code: "EXPIRED", to: "X", events: ["refund pay"] },
  {
    from: "X",
    operation: "confirm strictly, too late",
    code: "EXPIRED",
    to: "X",
    events: ["refund pay"],
  },
  {
    from: "X",
    operation: "confirm with revive",
    code: "REVIVED",
    to: "C",
    sold: 2,
    events: ["C pay"],
  },
  { from: "X", operation: "release", code: "DUP", to: "X" },
  { from: "X", operation: "refund", code: "NOTCONFIRMED", to: "X" },
  { from: "X", operation: "settle", code: "OK", to: "X" },

  { from: "L", operation: "reserve", code: "DUP", to: "L" },
  { from: "L", operation: "reserve for another buyer", code: "CONFLICT", to: "L" },
  { from: "L", operation: "confirm", code: "RELEASED", to: "L", events: ["refund pay"] },
  {
    from: "L",
    operation: "confirm with revive",
    code: "RELEASED",
    to: "L",
    events: ["refund pay"],
  },
  { from: "L", operation: "release", code: "DUP", to: "L" },
  { from: "L", operation: "refund", code: "NOTCONFIRMED", to: "L" },
  { from: "L", operation: "settle", code: "OK", to: "L" },

  { from: "R", operation: "reserve", code: "DUP", to: "R" },
  { from: "R", operation: "reserve another quantity", code: "CONFLICT", to: "R" },
  { from: "R", operation: "deliver the payment again", code: "DUP", to: "R" },
  { from: "R", operation: "confirm", code: "RELEASED", to: "R", events: ["refund pay"] },
  {
    from: "R",
    operation: "confirm with revive",
    code: "RELEASED",
    to: "R",
    events: ["refund pay"],
  },
  { from: "R", operation: "release", code: "DUP", to: "R" },
  { from: "R", operation: "refund", code: "DUP", to: "R" },
  { from: "R", operation: "settle", code: "OK", to: "R" },

  { from: "D", operation: "reserve", code: "DUP", to: "D" },
  { from: "D", operation: "reserve another quantity", code: "DUP", to: "D" },
  { from: "D", operation: "confirm", code: "RELEASED", to: "D", events: ["refund pay"] },
  {
    from: "D",
    operation: "confirm with revive",
    code: "RELEASED",
    to: "D",
    events: ["refund pay"],
  },
  { from: "D", operation: "release", code: "DUP", to: "D" },
  { from: "D", operation: "refund", code: "NOTCONFIRMED", to: "D" },
  { from: "D", operation: "settle", code: "OK", to: "D" },
];
