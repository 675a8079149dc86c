/** Histories told by hand, for tests: one short call for each thing that happened. */
import type { OutboxEvent } from "../../counter/calls.ts";
import { HistoryLog } from "../history.ts";
import type { History } from "../history.ts";
import type { CallRecord, HistoryRecord, Outcome, RunRecord } from "../records.ts";

/** Unix time of every tale's start. */
export const START_UNIX_MS = 1_000_000;

export const RUN: RunRecord = {
  type: "run",
  schemaVersion: 1,
  seed: "12306",
  scenario: "tale",
  strategy: "pre-deduct",
  authority: "counter",
  source: "outbox",
  startUnixMs: START_UNIX_MS,
  skewMs: 1,
  tickets: 3,
  holdMs: 100,
  graceMs: 20,
  maxPerBuyer: 1,
  latePayment: "revive",
  refillBoundMs: 50,
  replyBoundMs: 30,
};

/** What is usual of a call, unless it says otherwise. */
type CallTerms = Partial<Omit<CallRecord, "type" | "startMs" | "leftMs" | "outcome">>;

export function call(
  kind: CallRecord["kind"],
  id: string,
  [startMs, leftMs]: readonly [number, number],
  outcome: Outcome,
  terms: CallTerms = {},
): CallRecord {
  const isHeard = outcome !== "NONE" && outcome !== "UNSENT";
  const isAck = outcome === "ACK";
  return {
    type: "call",
    kind,
    caller: kind === "pay" ? "provider" : "buyer",
    id,
    buyer: kind === "pay" ? "" : buyerOf(id),
    qty: kind === "buy" ? 1 : 0,
    paymentId: kind === "pay" ? `pay-${id}` : "",
    front: "127.0.0.1:3001",
    startMs,
    lateMs: 0,
    endMs: isHeard ? leftMs : null,
    leftMs,
    outcome,
    claim: isAck ? "hold" : null,
    deadlineMs: isAck ? START_UNIX_MS + leftMs + RUN.holdMs : 0,
    paid: false,
    reason: outcome === "TRYAGAIN" ? "overload" : null,
    final: false,
    ...terms,
  };
}

/** Reservations `a`, `a.1`, `a.2` are all of buyer `ba`. */
function buyerOf(id: string): string {
  return `b${id.split(".")[0]}`;
}

export function issued(
  kind: OutboxEvent["kind"],
  id: string,
  atMs: number,
  terms: Partial<OutboxEvent> = {},
): HistoryRecord {
  const pays = kind === "C" || kind === "refund";
  const event: OutboxEvent = {
    position: `${START_UNIX_MS + atMs}-0`,
    kind,
    id,
    qty: 1,
    buyer: buyerOf(id),
    paymentId: pays ? `pay-${id}` : "",
    ...terms,
  };
  return { type: "issued", atMs, unixMs: START_UNIX_MS + atMs, event };
}

export function charge(id: string, atMs: number, dueMs: number, paymentId = `pay-${id}`) {
  const deadlineMs = START_UNIX_MS + dueMs;
  const unixMs = START_UNIX_MS + atMs;
  return { type: "charge", paymentId, id, atMs, unixMs, deadlineMs } as const;
}

export function order(id: string, state: "H" | "C" | "X" | "L" | "R" | "O" | "D"): HistoryRecord {
  const paymentId = state === "C" || state === "R" ? `pay-${id}` : "";
  return { type: "order", id, state, buyer: buyerOf(id), qty: 1, paymentId };
}

export function book(atMs: number, sold: number, confirmed: number, total = 3): HistoryRecord {
  return { type: "book", atMs, drained: true, total, sold, confirmed, statements: 9 };
}

export function audit(atMs: number, sold: number, confirmed: number, total = 3): HistoryRecord {
  const held = sold - confirmed;
  const units = { heldUnits: held, confirmedUnits: confirmed, buyerUnits: sold, namedUnits: sold };
  const counts = { total, sold, ...units, heldRows: held, deadlines: held };
  return { type: "audit", atMs, audit: counts };
}

function endOf(record: HistoryRecord): number {
  return record.type === "call" ? record.leftMs : 0;
}

/** The whole, in any order: calls are put in the order in which they ended. */
export function tale(records: readonly HistoryRecord[], run: Partial<RunRecord> = {}): History {
  const log = new HistoryLog({ ...RUN, ...run });
  for (const record of records.toSorted((a, b) => endOf(a) - endOf(b))) log.add(record);
  return log.history();
}
