/** A payment for an expired hold is taken although its ticket was sold to somebody else. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "12",
  title: "late payment confirms without stock check",
  breaks: ["no-oversell"],
  typescript: [
    twin(
      "confirm.ts",
      'latePayment === "revive" &&\n    hasStock(saleOf(state), row.qty) &&',
      'latePayment === "revive" &&\n    planted() &&',
    ),
  ],
  lua: [
    lua(
      "confirm.lua",
      "latePayment == 'revive' and hasStock(row.qty)",
      "latePayment == 'revive' and planted()",
    ),
  ],
};

export default await breed(mutant);
