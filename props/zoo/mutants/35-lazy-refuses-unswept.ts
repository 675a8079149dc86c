/** A payment within the grace is refused although the ticket is still held for its buyer. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "35",
  title: "lazy refuses unswept",
  breaks: ["no-charge-in-vain"],
  typescript: [
    twin(
      "confirm.ts",
      'return latePayment === "strict" && saleOf(state).clockMs >= row.deadlineMs;',
      'return saleOf(state).clockMs >= row.deadlineMs && (latePayment === "strict" || planted());',
    ),
  ],
  lua: [
    lua(
      "confirm.lua",
      "return latePayment == 'strict' and sale.clockMs >= row.deadlineMs",
      "return sale.clockMs >= row.deadlineMs and (latePayment == 'strict' or planted())",
    ),
  ],
};

export default await breed(mutant);
