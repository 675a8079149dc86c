/** A redelivered payment confirms once more. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "10",
  title: "confirm counted twice",
  breaks: ["conservation"],
  typescript: [
    twin(
      "confirm.ts",
      '    return result(state, "DUP", id);',
      `    planted();
    const row = state.rows.get(id)!;
    return confirmRow(state, row.paymentId, id, "OK", row);`,
    ),
  ],
  lua: [
    lua(
      "confirm.lua",
      "then return result('DUP', id) end",
      `then
    planted()
    local row = rowOf(id)
    return confirmRow(row.paymentId, id, 'OK', row)
  end`,
    ),
  ],
};

export default await breed(mutant);
