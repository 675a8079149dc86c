/** Where late payments are to be refused they are taken, as long as nobody has swept the hold. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "34",
  title: "strict ignored",
  breaks: ["conservation"],
  typescript: [
    twin(
      "confirm.ts",
      'return latePayment === "strict" && saleOf(state).clockMs >= row.deadlineMs;',
      'return latePayment === "strict" && saleOf(state).clockMs >= row.deadlineMs && !planted();',
    ),
  ],
  lua: [
    lua(
      "confirm.lua",
      "return latePayment == 'strict' and sale.clockMs >= row.deadlineMs",
      "return latePayment == 'strict' and sale.clockMs >= row.deadlineMs and not planted()",
    ),
  ],
};

export default await breed(mutant);
