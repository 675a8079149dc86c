/** The order book as JSON has it. */
import type { DatabaseReply } from "../../core/orders/calls.ts";
import type { Order, OrderDatabase } from "../../core/orders/database.ts";

/** An order book without its maps, which JSON does not have. */
export interface WrittenBook {
  readonly orders: readonly Order[];
  readonly refunds: readonly (readonly [string, string])[];
  readonly payments: readonly (readonly [
    string,
    { readonly id: string; readonly code: DatabaseReply["code"] },
  ])[];
  readonly unitsByBuyer: readonly (readonly [string, number])[];
  readonly total: number;
  readonly sold: number;
  readonly confirmed: number;
  readonly statements: number;
}

export function writeBook(book: OrderDatabase): WrittenBook {
  return {
    ...book,
    orders: [...book.orders.values()],
    refunds: [...book.refunds],
    payments: [...book.payments],
    unitsByBuyer: [...book.unitsByBuyer],
  };
}

export function readBook(written: WrittenBook): OrderDatabase {
  return {
    ...written,
    orders: new Map(written.orders.map((order) => [order.id, order])),
    refunds: new Map(written.refunds),
    payments: new Map(written.payments),
    unitsByBuyer: new Map(written.unitsByBuyer),
  };
}
