/** The stock is cut below what is sold already. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "27",
  title: "total below sold",
  breaks: ["no-oversell"],
  typescript: [
    twin(
      "resize.ts",
      "if (newTotal < sale.sold) return",
      "if (newTotal < sale.sold && !planted()) return",
    ),
  ],
  lua: [
    lua(
      "resize.lua",
      "if newTotal < sale.sold then return",
      "if newTotal < sale.sold and not planted() then return",
    ),
  ],
};

export default await breed(mutant);
