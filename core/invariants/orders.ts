/** one-order: the order book has exactly one order for each reservation, in the state it has. */
import type { OrderDatabase, OrderState } from "../orders/database.ts";
import type { Findings } from "./findings.ts";
import type { RowModel } from "./rows.ts";

const EXPECTED: Readonly<Record<"held" | "confirmed" | "ended", readonly OrderState[]>> = {
  held: ["H"],
  confirmed: ["C"],
  ended: ["X", "L", "R"],
};

export function checkOrders(
  rows: RowModel,
  database: OrderDatabase,
  authority: "counter" | "database",
  findings: Findings,
  atMs: number,
): void {
  if (authority === "database") {
    let sold = 0;
    for (const order of database.orders.values())
      if (order.state === "H" || order.state === "C") sold += order.qty;
    if (sold !== database.sold)
      findings.report(
        "conservation",
        atMs,
        `the stock row says ${database.sold} sold, the orders add up to ${sold}`,
      );
    return;
  }
  rows.forEach((id, state) => {
    const order = database.orders.get(id);
    if (order === undefined)
      findings.report("one-order", atMs, `reservation ${id} (${state}) has no order`);
    else if (!EXPECTED[state].includes(order.state))
      findings.report(
        "one-order",
        atMs,
        `reservation ${id} is ${state}, its order says ${order.state}`,
      );
  });
  for (const id of database.orders.keys())
    if (!rows.has(id)) findings.report("one-order", atMs, `order ${id} has no reservation`);
}
