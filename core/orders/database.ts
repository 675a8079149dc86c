/**
 * The order database as plain data: orders, refunds and, for the strategies that count their stock
 * there, the stock row. Each call is one transaction. `statements` counts the SQL statements that
 * the same call costs on a real database (BEGIN and COMMIT not counted).
 */
import type { OutboxEvent } from "../counter/calls.ts";
import type { DatabaseCall, DatabaseReply } from "./calls.ts";

/** H held, C confirmed, X expired, L released, R refunded, O placed without stock, D tombstone. */
export type OrderState = "O" | "H" | "C" | "X" | "L" | "R" | "D";

/** Events reach the worker more than once and out of order: a state only ever moves up. */
const RANK: Readonly<Record<OrderState, number>> = { O: 0, H: 0, X: 1, L: 1, D: 1, C: 1, R: 2 };

export interface Order {
  readonly id: string;
  state: OrderState;
  buyer: string;
  qty: number;
  /** The payment that confirmed the order; empty before. */
  paymentId: string;
}

export interface OrderDatabase {
  readonly orders: Map<string, Order>;
  /** Payments to give back, by payment id, with the order each was charged for. */
  readonly refunds: Map<string, string>;
  /** First final answer to each payment, for the strategies that confirm here. */
  readonly payments: Map<string, { readonly id: string; readonly code: DatabaseReply["code"] }>;
  readonly unitsByBuyer: Map<string, number>;
  readonly total: number;
  sold: number;
  /** Tickets of the orders that `pay` and `pay-and-deduct` confirmed. */
  confirmed: number;
  statements: number;
}

export function createDatabase(total: number): OrderDatabase {
  return {
    orders: new Map(),
    refunds: new Map(),
    payments: new Map(),
    unitsByBuyer: new Map(),
    total,
    sold: 0,
    confirmed: 0,
    statements: 0,
  };
}

export function applyDatabase(db: OrderDatabase, call: DatabaseCall): DatabaseReply {
  switch (call.call) {
    case "record":
      // One multi-row upsert for the orders, one for the refunds.
      db.statements += 1;
      if (call.events.some((event) => event.kind === "refund")) db.statements += 1;
      for (const event of call.events) record(db, event);
      return reply(db, "OK");
    case "place-and-deduct":
      return place(db, call, true);
    case "place":
      return place(db, call, false);
    case "pay":
    case "pay-and-deduct":
      return pay(db, call.id, call.paymentId);
    case "cancel":
      return cancel(db, call.id);
    case "settle":
      return settle(db, call.id);
  }
}

function record(db: OrderDatabase, event: OutboxEvent): void {
  if (event.kind === "refund") {
    if (!db.refunds.has(event.paymentId)) db.refunds.set(event.paymentId, event.id);
    return;
  }
  const { id, qty, buyer, paymentId } = event;
  const order = db.orders.get(id);
  if (order === undefined) {
    db.orders.set(id, { id, state: event.kind, buyer, qty, paymentId });
    return;
  }
  // A revived reservation goes X to C: of equal ranks the confirmation stays.
  const up = RANK[event.kind] > RANK[order.state];
  if (up || (event.kind === "C" && order.state === "X")) order.state = event.kind;
  if (paymentId !== "") order.paymentId = paymentId;
}

function place(
  db: OrderDatabase,
  call: {
    readonly id: string;
    readonly buyer: string;
    readonly qty: number;
    readonly maxPerBuyer: number;
  },
  deduct: boolean,
): DatabaseReply {
  // INSERT ... ON CONFLICT DO NOTHING, then UPDATE stock ... WHERE sold + qty <= total (order
  // first) or SELECT of the stock row (pay first).
  db.statements += 2;
  const known = db.orders.get(call.id);
  if (known !== undefined) {
    if (known.state === "C") return reply(db, "PAID");
    return reply(db, known.state === "H" || known.state === "O" ? "DUP" : "GONE");
  }
  if (db.sold + call.qty > db.total) return reply(db, "SOLDOUT");
  const owned = db.unitsByBuyer.get(call.buyer) ?? 0;
  if (call.maxPerBuyer > 0 && call.buyer !== "" && owned + call.qty > call.maxPerBuyer)
    return reply(db, "USERLIMIT");
  if (call.buyer !== "") db.unitsByBuyer.set(call.buyer, owned + call.qty);
  if (deduct) db.sold += call.qty;
  db.orders.set(call.id, {
    id: call.id,
    state: deduct ? "H" : "O",
    buyer: call.buyer,
    qty: call.qty,
    paymentId: "",
  });
  return reply(db, "OK");
}

function pay(db: OrderDatabase, id: string, paymentId: string): DatabaseReply {
  db.statements += 2;
  const first = db.payments.get(paymentId);
  if (first !== undefined) return reply(db, first.id === id ? first.code : "PAYMENTCONFLICT");
  const order = db.orders.get(id);
  let code: DatabaseReply["code"] = "REFUND";
  if (order?.state === "H") {
    code = "PAID";
  } else if (order?.state === "O") {
    // UPDATE stock ... WHERE sold + qty <= total: the buyer has paid before stock was his.
    db.statements += 1;
    if (db.sold + order.qty <= db.total) {
      db.sold += order.qty;
      code = "PAID";
    }
  }
  if (code === "PAID") {
    order!.state = "C";
    db.confirmed += order!.qty;
    order!.paymentId = paymentId;
  } else {
    if (order?.state === "O") end(db, order);
    db.refunds.set(paymentId, id);
  }
  db.payments.set(paymentId, { id, code });
  return reply(db, code);
}

function cancel(db: OrderDatabase, id: string): DatabaseReply {
  db.statements += 1;
  const order = db.orders.get(id);
  if (order === undefined) return settle(db, id);
  if (order.state === "C") return reply(db, "CONFIRMED");
  if (order.state === "H") {
    db.statements += 1;
    db.sold -= order.qty;
  }
  if (order.state === "H" || order.state === "O") end(db, order);
  return reply(db, "OK");
}

/** The order ends, and counts against its buyer no longer. */
function end(db: OrderDatabase, order: Order): void {
  order.state = "L";
  if (order.buyer !== "")
    db.unitsByBuyer.set(order.buyer, (db.unitsByBuyer.get(order.buyer) ?? 0) - order.qty);
}

function settle(db: OrderDatabase, id: string): DatabaseReply {
  db.statements += 1;
  const order = db.orders.get(id);
  if (order === undefined) {
    db.orders.set(id, { id, state: "D", buyer: "", qty: 0, paymentId: "" });
    return reply(db, "NOSUCH");
  }
  if (order.state === "C") return reply(db, "PAID");
  return reply(db, order.state === "H" || order.state === "O" ? "DUP" : "GONE");
}

function reply(db: OrderDatabase, code: DatabaseReply["code"]): DatabaseReply {
  return { code, left: db.total - db.sold };
}
