/** What a counter of 5 tickets was asked and what it answered, for the oracle's model of it. */
import type {
  CounterCall,
  CounterReply,
  ItemCode,
  ItemResult,
  ReserveItem,
} from "../counter/calls.ts";
import { Findings } from "../invariants/findings.ts";
import { RowModel } from "../invariants/rows.ts";
import { HELD, reply, result } from "./replies.ts";

export const TICKETS = 5;
export const GRACE_MS = 500;
export const DEADLINE_MS = HELD.deadlineMs!;
export const PAID: Partial<ItemResult> = { ...HELD, state: "C" };

export type Exchange = readonly [call: CounterCall, reply: CounterReply];
type Row = Partial<ItemResult>;

/** `left` is what the counter says it has after the call. */
export function reserve(
  id: string,
  code: ItemCode,
  left: number,
  item: Partial<ReserveItem> = {},
  row: Row = code === "OK" ? HELD : {},
): Exchange {
  const asked = { id, qty: 1, buyer: "b1", ttlMs: 10_000, maxPerBuyer: 3, requestDeadlineMs: 0 };
  return [
    { script: "reserve", epoch: 7, server: "s1", incarnation: 0, items: [{ ...asked, ...item }] },
    reply({ left, results: [result(code, row)] }),
  ];
}

export function byId(
  script: "release" | "refund",
  id: string,
  code: ItemCode,
  left: number,
): Exchange {
  return [{ script, epoch: 7, items: [{ id }] }, reply({ left, results: [result(code)] })];
}

export function confirm(id: string, code: ItemCode, left: number): Exchange {
  const items = [{ id, paymentId: `p-${id}` }];
  return [
    { script: "confirm", epoch: 7, latePayment: "revive", items },
    reply({ left, results: [result(code)] }),
  ];
}

export function sweep(
  ids: readonly string[],
  left: number,
  timeMs = DEADLINE_MS + GRACE_MS,
): Exchange {
  return [
    { script: "sweep", epoch: 7, limit: 9, graceMs: GRACE_MS, retainMs: 60_000 },
    reply({ left, timeMs, swept: ids.map((id) => ({ id, qty: 1 })) }),
  ];
}

export function resize(newTotal: number, code: CounterReply["code"], left: number): Exchange {
  const call = { script: "resize", epoch: 7, newTotal, expectedTotal: TICKETS } as const;
  return [call, reply({ code, left })];
}

/** Exchange i is at i ms; there are 5 tickets. */
export function observe(...events: readonly Exchange[]) {
  const findings = new Findings();
  const rows = new RowModel(findings, TICKETS);
  events.forEach(([call, answer], atMs) => rows.observe(call, answer, atMs));
  return { findings, rows };
}
