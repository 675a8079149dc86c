/** A refused request counts against its buyer's limit. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "22",
  title: "buyer quota burned by SOLDOUT",
  breaks: ["buyer-limit"],
  typescript: [
    twin(
      "reserve.ts",
      'if (!hasStock(sale, qty)) return result(state, "SOLDOUT", id);',
      `if (!hasStock(sale, qty)) {
    planted();
    if (buyer !== "") state.buyers.set(buyer, (state.buyers.get(buyer) ?? 0) + qty);
    return result(state, "SOLDOUT", id);
  }`,
    ),
  ],
  lua: [
    lua(
      "reserve.lua",
      "if not hasStock(qty) then return result('SOLDOUT', id) end",
      `if not hasStock(qty) then
    planted()
    addToBuyer(buyer, qty)
    return result('SOLDOUT', id)
  end`,
    ),
  ],
};

export default await breed(mutant);
