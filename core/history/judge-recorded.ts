/**
 * Each answer against what is on record at the end, for strategies whose stock has no stream: an
 * order book whose rows are the reservations, or a bare count of what was sold.
 */
import type { Findings } from "../invariants/findings.ts";
import type { History } from "./history.ts";
import type { CallRecord } from "./records.ts";
import { isUnsure } from "./unknown-ids.ts";

export function judgeRecorded(
  history: History,
  byId: ReadonlyMap<string, readonly CallRecord[]>,
  findings: Findings,
  atMs: number,
): void {
  judgeCount(history, byId, findings);
  const { book } = history;
  if (book === null) return;
  const { orders } = book.database;
  for (const [id, calls] of byId) {
    const acked = calls.find(({ outcome }) => outcome === "ACK");
    const order = orders.get(id);
    if (acked !== undefined && (order === undefined || order.state === "D"))
      findings.report("one-order", acked.endMs!, `${id} was acknowledged and has no order`);
  }
  for (const { id, state } of orders.values()) {
    if (state === "D") continue;
    const asked = byId.get(id)?.filter(({ kind }) => kind === "buy") ?? [];
    if (asked.every((call) => call.outcome !== "ACK" && !isUnsure(call)))
      findings.report(
        "conservation",
        atMs,
        asked.length === 0
          ? `${id} has an order, and nobody asked for it`
          : `${id} has an order, and every request for it was refused`,
      );
  }
}

/** acked <= sold <= acked + unknown, in tickets, where a count is all there is. */
function judgeCount(
  { run, audit }: History,
  byId: ReadonlyMap<string, readonly CallRecord[]>,
  findings: Findings,
): void {
  if (run.source !== "none" || audit === null) return;
  let acked = 0;
  let unknown = 0;
  for (const calls of byId.values()) {
    const asked = calls.filter(({ kind }) => kind === "buy");
    const qty = Math.max(1, ...asked.map((call) => call.qty));
    if (calls.some(({ outcome }) => outcome === "ACK")) acked += qty;
    // Without ids a request that was sent again may have been sold again.
    unknown += qty * asked.filter(isUnsure).length;
  }
  const { sold } = audit.audit;
  if (sold < acked || sold > acked + unknown)
    findings.report(
      "conservation",
      audit.atMs,
      `${sold} tickets are counted as sold, ${acked} were acknowledged and ` +
        `${unknown} more are possible`,
    );
}
