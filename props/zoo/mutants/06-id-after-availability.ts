/**
 * The stock is asked before the id: the retry of who took the last ticket hears that it is gone.
 * (dtm and TigerBeetle both had it.)
 */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "06",
  title: "id after availability",
  breaks: ["conservation"],
  typescript: [
    twin(
      "reserve.ts",
      "const found = state.rows.get(id);",
      `if (planted() && !hasStock(sale, qty)) return result(state, "SOLDOUT", id);
  const found = state.rows.get(id);`,
    ),
  ],
  lua: [
    lua(
      "reserve.lua",
      "local found = rowOf(id)",
      `if planted() and not hasStock(qty) then return result('SOLDOUT', id) end
  local found = rowOf(id)`,
    ),
  ],
};

export default await breed(mutant);
