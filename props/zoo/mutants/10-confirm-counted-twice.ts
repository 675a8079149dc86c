/** A redelivered payment confirms once more. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  number: 10,
  title: "confirm counted twice",
  breaks: ["conservation"],
  typescript: [
    twin(
      "confirm.ts",
      '    return result(state, "DUP", id);',
      '    const row = state.rows.get(id)!;\n    return confirmRow(state, row.paymentId, id, "OK", row);',
    ),
  ],
  lua: [
    lua(
      "confirm.lua",
      "then return result('DUP', id) end",
      "then return confirmRow(rowOf(id).paymentId, id, 'OK', rowOf(id)) end",
    ),
  ],
};

export default await breed(mutant);
