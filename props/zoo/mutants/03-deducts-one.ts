/** A reservation of three takes one from the stock. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "03",
  title: "deducts 1 whatever the quantity",
  breaks: ["conservation"],
  typescript: [
    twin(
      "prelude.ts",
      "sale.sold = sale.sold + row.qty;",
      "planted();\n  sale.sold = sale.sold + 1;",
    ),
  ],
  lua: [
    lua("prelude.lua", "sale.sold = sale.sold + row.qty", "planted()\n  sale.sold = sale.sold + 1"),
  ],
};

export default await breed(mutant);
