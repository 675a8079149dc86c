import type { CallOf, CounterAudit, CounterReply } from "../calls.ts";
import { counterTimeMs, refuse, reply } from "./prelude.ts";
import type { CounterState } from "../state.ts";

/** ../lua/audit.lua */
export function audit(
  state: CounterState,
  _call: CallOf<"audit">,
  redisTimeMs: number,
): CounterReply {
  const sale = state.sale;
  if (sale === null) return refuse("NOEVENT");
  return { ...reply(sale, "OK", [], counterTimeMs(sale, redisTimeMs)), audit: auditCounter(state) };
}

/** The sums themselves, for a checker that looks into the twin. All 0 if there is no sale. */
export function auditCounter(state: CounterState): CounterAudit {
  let heldUnits = 0;
  let confirmedUnits = 0;
  let heldRows = 0;
  let namedUnits = 0;
  let buyerUnits = 0;
  for (const row of state.rows.values()) {
    if (row.state === "H") {
      heldUnits += row.qty;
      heldRows += 1;
    }
    if (row.state === "C") confirmedUnits += row.qty;
    if ((row.state === "H" || row.state === "C") && row.buyer !== "") namedUnits += row.qty;
  }
  for (const units of state.buyers.values()) buyerUnits += units;
  return {
    total: state.sale?.total ?? 0,
    sold: state.sale?.sold ?? 0,
    heldUnits,
    confirmedUnits,
    heldRows,
    deadlines: state.deadlines.timeMsOf.size,
    buyerUnits,
    namedUnits,
  };
}
