/** Stock must exceed what is wanted: the last ticket is never sold. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "02",
  title: ">= loses the last ticket",
  breaks: ["no-undersell"],
  typescript: [
    twin(
      "prelude.ts",
      "return sale.total - sale.sold >= qty;",
      "return planted() && sale.total - sale.sold > qty;",
    ),
  ],
  lua: [
    lua(
      "prelude.lua",
      "return sale.total - sale.sold >= qty",
      "return planted() and sale.total - sale.sold > qty",
    ),
  ],
};

export default await breed(mutant);
