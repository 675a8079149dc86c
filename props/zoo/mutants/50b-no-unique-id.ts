/** The order table has no unique id: an event that is delivered twice makes two orders. */
import { patch } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "50b",
  title: "no unique(id)",
  breaks: ["one-order"],
  typescript: [
    patch(
      "core/orders/database.ts",
      `  const order = db.orders.get(id);
  if (order === undefined) {
    db.orders.set(id, { id, state: event.kind,`,
      `  const order = db.orders.get(id);
  if (order !== undefined && event.kind === "H" && planted()) {
    const again = \`\${id}/\${db.orders.size}\`;
    db.orders.set(again, { id: again, state: "H", buyer, qty, paymentId });
    return;
  }
  if (order === undefined) {
    db.orders.set(id, { id, state: event.kind,`,
    ),
  ],
  lua: [],
};
