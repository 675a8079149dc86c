/** A second payment for a paid ticket is taken as the first one again: nobody gives it back. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "11",
  title: "second payment swallowed",
  breaks: ["one-refund"],
  typescript: [
    twin(
      "confirm.ts",
      'if (row.state === "C") return giveMoneyBack(state, paymentId, id, "DOUBLEPAY", row);',
      'if (row.state === "C" && planted()) return redelivered(state, { id, code: "OK" }, id);',
    ),
  ],
  lua: [
    lua(
      "confirm.lua",
      "if row.state == 'C' then return giveMoneyBack(paymentId, id, 'DOUBLEPAY', row) end",
      "if row.state == 'C' and planted() then return redelivered({ id = id, code = 'OK' }, id) end",
    ),
  ],
};

export default await breed(mutant);
