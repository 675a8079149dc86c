/**
 * What the scripts share: ../lua/prelude.lua, function by function.
 *
 * Where a script collects its writes and commits them at the end, the twin writes at once: it
 * cannot fail half-way, and all arguments have been checked before.
 */
import type { CounterReply, ItemCode, ItemResult, OutboxEvent, ScriptError } from "../calls.ts";
import { appendEvent } from "../outbox.ts";
import { add, remove } from "../sorted-set.ts";
import type { CounterState, Row, Sale } from "../state.ts";

// ---- The sale

/** Redis TIME plus the offset, never behind the high-water mark. */
export function counterTimeMs(sale: Sale, redisTimeMs: number): number {
  return Math.max(redisTimeMs + sale.clockOffsetMs, sale.clockMs);
}

/**
 * The common start of every call but init and audit: returns the reply that ends the call, or null
 * and sets the clock to the time of this call.
 */
export function enter(
  state: CounterState,
  epoch: number,
  redisTimeMs: number,
  itemCount = 0,
): CounterReply | null {
  const sale = state.sale;
  if (sale === null) return refuse("NOEVENT");
  const timeMs = counterTimeMs(sale, redisTimeMs);
  if (sale.epoch !== epoch) {
    const results = Array.from({ length: itemCount }, () => withoutRow("FENCED"));
    return reply(sale, "FENCED", results, timeMs);
  }
  sale.clockMs = timeMs;
  return null;
}

/** The sale of a call that has passed `enter`. */
export function saleOf(state: CounterState): Sale {
  if (state.sale === null) throw new Error("no sale: the call did not pass enter()");
  return state.sale;
}

export function hasStock(sale: Sale, qty: number): boolean {
  return sale.total - sale.sold >= qty;
}

// ---- Rows, buyers, stock

/** An anonymous buyer has no limit; 0 means that there is none. */
export function overBuyerLimit(
  state: CounterState,
  buyer: string,
  qty: number,
  maxPerBuyer: number,
): boolean {
  return buyer !== "" && maxPerBuyer > 0 && (state.buyers.get(buyer) ?? 0) + qty > maxPerBuyer;
}

function addToBuyer(state: CounterState, buyer: string, units: number): void {
  if (buyer === "") return;
  const sum = (state.buyers.get(buyer) ?? 0) + units;
  if (sum > 0) state.buyers.set(buyer, sum);
  else state.buyers.delete(buyer);
}

/** Stock leaves the sale for this row. */
export function take(state: CounterState, row: Row): void {
  const sale = saleOf(state);
  sale.sold = sale.sold + row.qty;
  addToBuyer(state, row.buyer, row.qty);
}

/** Stock comes back from this row: a closed latch must hear of it. */
export function giveBack(state: CounterState, row: Row): void {
  const sale = saleOf(state);
  sale.sold = sale.sold - row.qty;
  sale.generation = sale.generation + 1;
  addToBuyer(state, row.buyer, -row.qty);
}

export function addDeadline(state: CounterState, id: string, row: Row): void {
  add(state.deadlines, row.deadlineMs, id);
}

export function removeDeadline(state: CounterState, id: string): void {
  remove(state.deadlines, id);
}

/** The row enters X, L, R or D, and may be deleted some time after now. */
export function retire(state: CounterState, id: string, row: Row, to: Row["state"]): void {
  row.state = to;
  add(state.retired, saleOf(state).clockMs, id);
}

/** The row, revived, is no longer to be deleted. */
export function unretire(state: CounterState, id: string): void {
  remove(state.retired, id);
}

/** From now on a reserve that is still on its way finds its id taken. */
export function tombstone(state: CounterState, id: string): Row {
  const row: Row = {
    state: "D",
    qty: 0,
    deadlineMs: 0,
    server: "",
    incarnation: 0,
    buyer: "",
    maxPerBuyer: 0,
    paymentId: "",
  };
  state.rows.set(id, row);
  retire(state, id, row, "D");
  return row;
}

/** A server that reserves or asks for a grant is live: what is left is shared among the live. */
export function heardFrom(state: CounterState, server: string): void {
  state.servers.set(server, saleOf(state).clockMs);
}

export function emit(
  state: CounterState,
  kind: OutboxEvent["kind"],
  id: string,
  row: Row,
  paymentId: string,
  reason = "",
): void {
  appendEvent(state.outbox, kind, id, row.qty, row.buyer, paymentId, reason);
}

// ---- Replies

export function refuse(error: ScriptError): CounterReply {
  return {
    error,
    code: "OK",
    epoch: 0,
    generation: 0,
    left: 0,
    timeMs: 0,
    results: [],
    swept: [],
    liveServers: 0,
    audit: null,
  };
}

/** Every reply carries what a latch needs: (epoch, generation, left). */
export function reply(
  sale: Sale,
  code: CounterReply["code"],
  results: readonly ItemResult[] = [],
  timeMs: number = sale.clockMs,
): CounterReply {
  return {
    error: null,
    code,
    epoch: sale.epoch,
    generation: sale.generation,
    left: sale.total - sale.sold,
    timeMs,
    results,
    swept: [],
    liveServers: 0,
    audit: null,
  };
}

/** One item's answer: the code, with its row where there is one. */
export function result(state: CounterState, code: ItemCode, id: string): ItemResult {
  const row = state.rows.get(id);
  if (row === undefined) return withoutRow(code);
  return {
    code,
    state: row.state,
    deadlineMs: row.deadlineMs,
    server: row.server,
    incarnation: row.incarnation,
    qty: row.qty,
  };
}

function withoutRow(code: ItemCode): ItemResult {
  return { code, state: "", deadlineMs: 0, server: "", incarnation: 0, qty: 0 };
}
