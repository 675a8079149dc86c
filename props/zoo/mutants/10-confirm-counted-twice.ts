/** A redelivered payment confirms once more. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  number: 10,
  title: "confirm counted twice",
  breaks: ["conservation"],
  killingSeed: 1,
  typescript: [
    twin(
      "confirm.ts",
      '    return result("DUP", state.rows.get(id));',
      '    const row = state.rows.get(id)!;\n    return confirmRow(state, row.paymentId, id, "OK", row);',
    ),
  ],
  lua: [
    lua(
      "confirm.lua",
      "then return result('DUP', rows[id]) end",
      "then return confirmRow(rows[id].paymentId, id, 'OK', rows[id]) end",
    ),
  ],
};

export default await breed(mutant);
