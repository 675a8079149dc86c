/** The mutants of the checkers: for each invariant blind ones, and one with false alarms. */
import { patch } from "../mutant.ts";
import type { Patch } from "../mutant.ts";
import type { CheckerMutant } from "./checker-mutant.ts";

function invariants(file: string, find: string, replace: string): Patch[] {
  return [patch(`core/invariants/${file}`, find, replace)];
}

function suites(file: string, find: string, replace: string): Patch[] {
  return [patch(`props/zoo/suites/${file}`, find, replace)];
}

/** Nobody watches the servers from outside. */
const UNWATCHED = suites(
  "watched-server.ts",
  "  const { server } = strategy;\n",
  "  if (findings !== null) return strategy;\n  const { server } = strategy;\n",
);

export const CHECKER_MUTANTS: readonly CheckerMutant[] = [
  // no-oversell
  {
    title: "a sale is checked before its own tickets are counted",
    invariant: "no-oversell",
    patches: invariants("rows.ts", "if (this.free < qty)", "if (this.free < 0)"),
    suite: "counter",
    blindTo: "01",
  },
  {
    title: "a revival is not checked against the stock",
    invariant: "no-oversell",
    patches: invariants("rows.ts", "if (this.free < row.qty)", "if (this.free < -row.qty)"),
    suite: "counter",
    blindTo: "12",
  },
  {
    title: "tickets that were promised and not paid do not count",
    invariant: "no-oversell",
    patches: invariants("claims.ts", "Math.max(this.#live, this.#confirmed)", "this.#confirmed"),
    suite: "interleavings",
    blindTo: "43",
  },
  {
    title: "an acknowledgement may come any time after the end",
    invariant: "no-oversell",
    patches: invariants(
      "judge.ts",
      "else if (atMs - endedMs > this.#config.replyBoundMs)",
      "else if (atMs - endedMs > Infinity)",
    ),
    suite: "interleavings",
    blindTo: "58",
  },
  {
    title: "the last ticket is an oversell",
    invariant: "no-oversell",
    patches: invariants("claims.ts", "if (over <= 0) return;", "if (over < 0) return;"),
    suite: "sale",
    blindTo: null,
  },
  // no-undersell
  {
    title: "a refusal of the last ticket is none",
    invariant: "no-undersell",
    patches: invariants("rows.ts", "if (this.free >= qty)", "if (this.free > qty)"),
    suite: "counter",
    blindTo: "02",
  },
  {
    title: "refusals with stock left are not counted",
    invariant: "no-undersell",
    patches: invariants("demand.ts", "if (refusals >= u) return u;", "if (refusals < 0) return u;"),
    suite: "slots",
    blindTo: "37",
  },
  {
    title: "one ticket left is undersold, whoever wanted it",
    invariant: "no-undersell",
    patches: invariants(
      "demand.ts",
      "if (refusals >= u) return u;",
      "if (refusals >= 0) return u;",
    ),
    suite: "sale",
    blindTo: null,
  },
  // conservation
  {
    title: "the list of deadlines is not counted",
    invariant: "conservation",
    patches: invariants("rows.ts", 'same("deadlines", audit.deadlines, this.heldRows);', ""),
    suite: "counter",
    blindTo: "36",
  },
  {
    title: "a hold may be swept at any time",
    invariant: "conservation",
    patches: invariants(
      "rows.ts",
      "counterTimeMs < row.deadlineMs + graceMs)",
      "counterTimeMs < 0)",
    ),
    suite: "counter",
    blindTo: "18",
  },
  {
    title: "who has a ticket may be refused under its id",
    invariant: "conservation",
    patches: invariants(
      "rows.ts",
      "if (isKnown && REFUSALS.has(result.code))",
      "if (isKnown && REFUSALS.has(id))",
    ),
    suite: "counter",
    blindTo: "06",
  },
  {
    title: "a duplicate may differ in its quantity",
    invariant: "conservation",
    patches: invariants("rows.ts", "!isKnown || row.qty !== qty ||", "!isKnown ||"),
    suite: "counter",
    blindTo: "07",
  },
  {
    title: "a late payment is in time under strict, too",
    invariant: "conservation",
    patches: invariants(
      "rows.ts",
      'code === "OK" && policy === "strict" && late',
      'code === "DUP"',
    ),
    suite: "counter",
    blindTo: "34",
  },
  {
    title: "a quantity may be anything",
    invariant: "conservation",
    patches: suites(
      "counter-oracle.ts",
      "if (!Number.isInteger(qty) ||",
      "if (Number.isNaN(qty) &&",
    ),
    suite: "counter",
    blindTo: "24",
  },
  {
    title: "any epoch will do",
    invariant: "conservation",
    patches: suites("counter-oracle.ts", "call.epoch !== this.#history.epoch)", "call.epoch < 0)"),
    suite: "counter",
    blindTo: "28",
  },
  {
    title: "a resize may go by any figure",
    invariant: "conservation",
    patches: suites(
      "counter-oracle.ts",
      "if (call.expectedTotal !== totalBefore)",
      "if (totalBefore < 0)",
    ),
    suite: "counter",
    blindTo: "26",
  },
  {
    title: "what is paid is not sold",
    invariant: "conservation",
    patches: invariants(
      "rows.ts",
      'same("sold", audit.sold, this.held + this.confirmed);',
      'same("sold", audit.sold, this.held);',
    ),
    suite: "counter",
    blindTo: null,
  },
  // one-order
  {
    title: "a reservation needs no order",
    invariant: "one-order",
    patches: invariants(
      "orders.ts",
      "if (order === undefined)\n",
      "if (order === undefined && rows.has(`no ${id}`))\n",
    ),
    suite: "counter",
    blindTo: "32",
  },
  {
    title: "an order may be in any state",
    invariant: "one-order",
    patches: invariants(
      "orders.ts",
      "else if (!EXPECTED[state].includes(order.state))",
      "else if (state === null)",
    ),
    suite: "sale",
    blindTo: "31",
  },
  {
    title: "an order needs no reservation",
    invariant: "one-order",
    patches: invariants("orders.ts", "if (!rows.has(id)) findings", "if (id === null) findings"),
    suite: "sale",
    blindTo: "50b",
  },
  {
    title: "an expired reservation must have an expired order, however it ended",
    invariant: "one-order",
    patches: invariants("orders.ts", 'ended: ["X", "L", "R"]', 'ended: ["X"]'),
    suite: "counter",
    blindTo: null,
  },
  // one-refund
  {
    title: "two payments may be kept for one reservation",
    invariant: "one-refund",
    patches: invariants("charges.ts", "if (first !== paymentId)", "if (first === null)"),
    suite: "counter",
    blindTo: "11",
  },
  {
    title: "one refund is one too many",
    invariant: "one-refund",
    patches: invariants("charges.ts", "if (charge.refunds > 1)", "if (charge.refunds > 0)"),
    suite: "counter",
    blindTo: null,
  },
  // unknown-resolved
  {
    title: "an outcome may stay unknown for good",
    invariant: "unknown-resolved",
    patches: invariants("judge.ts", "if (unknown > 0) {", "if (unknown < 0) {"),
    suite: "sale",
    blindTo: "42",
  },
  {
    title: "a request may be served after it has expired",
    invariant: "unknown-resolved",
    patches: invariants("rows.ts", "reply.timeMs > item.requestDeadlineMs)", "reply.timeMs < 0)"),
    suite: "counter",
    blindTo: "33",
  },
  {
    title: "what was settled as absent may still land",
    invariant: "unknown-resolved",
    patches: suites("counter-oracle.ts", "if (this.#absent.has(id))", "if (this.#absent.has(``))"),
    suite: "counter",
    blindTo: "20",
  },
  {
    title: "every request is expired",
    invariant: "unknown-resolved",
    patches: invariants("rows.ts", "reply.timeMs > item.requestDeadlineMs)", "reply.timeMs > 0)"),
    suite: "counter",
    blindTo: null,
  },
  // buyer-limit
  {
    title: "a buyer may have one more than his limit, and one more",
    invariant: "buyer-limit",
    patches: invariants("rows.ts", "units > maxPerBuyer)", "units > maxPerBuyer + units)"),
    suite: "counter",
    blindTo: "23",
  },
  {
    title: "a buyer may be refused below his limit",
    invariant: "buyer-limit",
    patches: invariants(
      "rows.ts",
      "if (!limited || units + qty <= item.maxPerBuyer)",
      "if (!limited || units + qty < 0)",
    ),
    suite: "counter",
    blindTo: "21",
  },
  {
    title: "a buyer's last ticket is one too many",
    invariant: "buyer-limit",
    patches: invariants("rows.ts", "units > maxPerBuyer)", "units >= maxPerBuyer)"),
    suite: "counter",
    blindTo: null,
  },
  // latch
  {
    title: "SOLDOUT may be said with stock left, for however long",
    invariant: "latch",
    patches: invariants("demand.ts", "if (freeForMs > this.#refillBoundMs)", "if (freeForMs < 0)"),
    suite: "interleavings",
    blindTo: "52",
    without: UNWATCHED,
  },
  {
    title: "a sold-out server may ask as often as it likes",
    invariant: "latch",
    patches: suites("watched-server.ts", "if (asks !== undefined &&", "if (asks === null &&"),
    suite: "sale",
    blindTo: "60",
  },
  {
    title: "a failed call is a reason to say SOLDOUT",
    invariant: "latch",
    patches: suites(
      "watched-server.ts",
      'refused && input.type === "counter-failed"',
      "input === null",
    ),
    suite: "interleavings",
    blindTo: "38",
  },
  {
    title: "SOLDOUT may never be said with stock left, however fresh",
    invariant: "latch",
    patches: invariants("demand.ts", "if (freeForMs > this.#refillBoundMs)", "if (freeForMs >= 0)"),
    suite: "interleavings",
    blindTo: null,
  },
  // no-charge-in-vain
  {
    title: "a payment for a live hold may be refused",
    invariant: "no-charge-in-vain",
    patches: invariants("rows.ts", 'if (code === "EXPIRED" &&', 'if (code === "LATE" &&'),
    suite: "counter",
    blindTo: "35",
  },
  {
    title: "who paid in time may be refused",
    invariant: "no-charge-in-vain",
    patches: invariants("charges.ts", "if (!inTime) return;", "if (inTime) return;"),
    suite: "slots",
    blindTo: "40",
  },
  {
    title: "every refund is a charge in vain",
    invariant: "no-charge-in-vain",
    patches: invariants("charges.ts", "if (!inTime) return;", ""),
    suite: "counter",
    blindTo: null,
  },
];
