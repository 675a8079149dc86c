/** Two operators resize at once, and the one who read the older figure wins. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "26",
  title: "resize not compare-and-set",
  breaks: ["conservation"],
  typescript: [
    twin(
      "resize.ts",
      "if (sale.total !== expectedTotal) return",
      "if (sale.total !== expectedTotal && !planted()) return",
    ),
  ],
  lua: [
    lua(
      "resize.lua",
      "if sale.total ~= expectedTotal then return",
      "if sale.total ~= expectedTotal and not planted() then return",
    ),
  ],
};

export default await breed(mutant);
