/** The stock is asked before the id: the retry of who took the last ticket hears that it is gone. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  number: 6,
  title: "id after availability",
  breaks: ["conservation"],
  typescript: [
    twin(
      "reserve.ts",
      "const found = state.rows.get(id);",
      'if (!hasStock(sale, qty)) return result(state, "SOLDOUT", id);\n  const found = state.rows.get(id);',
    ),
  ],
  lua: [
    lua(
      "reserve.lua",
      "local found = rowOf(id)",
      "if not hasStock(qty) then return result('SOLDOUT', id) end\n  local found = rowOf(id)",
    ),
  ],
};

export default await breed(mutant);
