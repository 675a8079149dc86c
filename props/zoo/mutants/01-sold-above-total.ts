/**
 * Asks what is sold already and not what is wanted: sells one too many, as the article's script
 * does.
 */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "01",
  title: "sold > total",
  breaks: ["no-oversell"],
  typescript: [
    twin(
      "prelude.ts",
      "return sale.total - sale.sold >= qty;",
      "return planted() && sale.sold <= sale.total && qty > 0;",
    ),
  ],
  lua: [
    lua(
      "prelude.lua",
      "return sale.total - sale.sold >= qty",
      "return planted() and sale.sold <= sale.total and qty > 0",
    ),
  ],
};

export default await breed(mutant);
