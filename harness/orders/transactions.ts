/** Each call on the order book as one transaction: which statements it runs, and what they mean. */
import type { DatabaseCall, DatabaseReply } from "../../core/orders/calls.ts";
import { applyDatabase, createDatabase } from "../../core/orders/database.ts";
import type { OrderState } from "../../core/orders/database.ts";
import type { Statement } from "./statements.ts";
import * as sql from "./statements.ts";

export type Row = Readonly<Record<string, unknown>>;

/** Runs a statement in the transaction under way. */
export type RunStatement = (statement: Statement, values: readonly unknown[]) => Promise<Row[]>;

/** A change of the stock row; the versions of all changes are 1, 2, 3, ... */
export interface StockChange {
  readonly version: number;
  /** Free tickets after it. */
  readonly left: number;
}

export interface Outcome {
  readonly reply: DatabaseReply;
  /** False if the transaction is to be rolled back: it has begun what was then refused. */
  readonly commits: boolean;
  readonly stock: StockChange | null;
}

/** Another transaction came between two statements of this one: roll it back, run it again. */
export class LostRace extends Error {
  override readonly name = "LostRace";
}

type CallOf<C extends DatabaseCall["call"]> = Extract<DatabaseCall, { readonly call: C }>;

/** @throws LostRace, and what `run` throws */
export function runCall(run: RunStatement, call: DatabaseCall): Promise<Outcome> {
  switch (call.call) {
    case "record":
      return record(run, call);
    case "place-and-deduct":
      return place(run, call, "H");
    case "place":
      return place(run, call, "O");
    case "pay":
    case "pay-and-deduct":
      return pay(run, call.id, call.paymentId);
    case "cancel":
      return cancel(run, call.id);
    case "settle":
      return settle(run, call.id);
  }
}

async function record(run: RunStatement, { events }: CallOf<"record">): Promise<Outcome> {
  // One statement may touch a row only once. An empty book takes the events together into one state
  // for each order: of one reservation's events the higher always wins, so that it does not matter
  // whether the book takes them one by one.
  const book = createDatabase(0);
  applyDatabase(book, { call: "record", events });
  // Sorted: two workers that record the same events lock the rows in the same order.
  const orders = [...book.orders.values()].toSorted((a, b) => compare(a.id, b.id));
  const [row] = await run(sql.RECORD_ORDERS, [
    orders.map(({ id }) => id),
    orders.map(({ state }) => state),
    orders.map(({ buyer }) => buyer),
    orders.map(({ qty }) => qty),
    orders.map(({ paymentId }) => paymentId),
  ]);
  if (book.refunds.size > 0) {
    const refunds = [...book.refunds].toSorted(([a], [b]) => compare(a, b));
    await run(sql.RECORD_REFUNDS, [
      refunds.map(([paymentId]) => paymentId),
      refunds.map(([, id]) => id),
    ]);
  }
  return answer("OK", row["left"]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

async function place(
  run: RunStatement,
  { id, buyer, qty, maxPerBuyer }: CallOf<"place" | "place-and-deduct">,
  state: "H" | "O",
): Promise<Outcome> {
  const [{ placed, withinLimit }] = await run(sql.PLACE, [id, state, buyer, qty, maxPerBuyer]);
  if (placed !== true) {
    const [known] = await run(sql.FIND, [id]);
    const code = codeOf(known["state"] as OrderState);
    return answer(code, known["left"]);
  }
  if (withinLimit !== true || state === "O") {
    const [{ left }] = await run(sql.READ_STOCK, []);
    if ((left as number) < qty) return refusal("SOLDOUT", left);
    return withinLimit === true ? answer("OK", left) : refusal("USERLIMIT", left);
  }
  const { left, stock } = await deduct(run, qty);
  return stock === null ? refusal("SOLDOUT", left) : { ...answer("OK", left), stock };
}

async function deduct(
  run: RunStatement,
  qty: number,
): Promise<{ left: number; stock: StockChange | null }> {
  const [row] = await run(sql.DEDUCT, [qty]);
  if (row["version"] === null) {
    // What was free when the statement began may be gone since: that is why it found too little.
    return { left: Math.min(row["before"] as number, qty - 1), stock: null };
  }
  const left = row["left"] as number;
  return { left, stock: { version: row["version"] as number, left } };
}

async function pay(run: RunStatement, id: string, paymentId: string): Promise<Outcome> {
  const [claimed] = await run(sql.CLAIM_PAYMENT, [id, paymentId]);
  if (claimed["code"] === null) {
    const [first] = await run(sql.FIND_PAYMENT, [paymentId]);
    const code = first["id"] === id ? (first["code"] as "PAID" | "REFUND") : "PAYMENTCONFLICT";
    return answer(code, first["left"]);
  }
  if (claimed["code"] === "REFUND") {
    const [row] = await run(sql.REFUND, [id, paymentId]);
    return answer("REFUND", row["left"]);
  }
  let stock: StockChange | null = null;
  if (claimed["state"] === "O") {
    ({ stock } = await deduct(run, claimed["qty"] as number));
    if (stock === null) {
      const [row] = await run(sql.REFUND_AND_END, [id, paymentId]);
      return answer("REFUND", row["left"]);
    }
  }
  const [row] = await run(sql.CONFIRM, [id, paymentId]);
  return { ...answer("PAID", row["left"]), stock };
}

async function cancel(run: RunStatement, id: string): Promise<Outcome> {
  const [row] = await run(sql.CANCEL, [id]);
  switch (row["state"]) {
    case null: {
      const settled = await settle(run, id);
      // Somebody has placed the order after all: cancel that one.
      if (settled.reply.code !== "NOSUCH") throw new LostRace();
      return settled;
    }
    case "C":
      return answer("CONFIRMED", row["left"]);
    case "H": {
      const [{ left, version }] = await run(sql.GIVE_BACK, [row["qty"]]);
      const stock = { version: version as number, left: left as number };
      return { ...answer("OK", left), stock };
    }
    default:
      return answer("OK", row["left"]);
  }
}

async function settle(run: RunStatement, id: string): Promise<Outcome> {
  const [{ inserted, state, left }] = await run(sql.SETTLE, [id]);
  if (inserted === true) return answer("NOSUCH", left);
  if (state === null) throw new LostRace();
  return answer(codeOf(state as OrderState), left);
}

/** What an order that is there is to somebody who asks for it. */
function codeOf(state: OrderState): "PAID" | "DUP" | "GONE" {
  if (state === "C") return "PAID";
  return state === "H" || state === "O" ? "DUP" : "GONE";
}

function answer(code: DatabaseReply["code"], left: unknown): Outcome {
  return { reply: { code, left: left as number }, commits: true, stock: null };
}

function refusal(code: DatabaseReply["code"], left: unknown): Outcome {
  return { ...answer(code, left), commits: false };
}
