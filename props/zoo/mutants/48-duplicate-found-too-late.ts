/** The stock is deducted before anybody looks whether the id is known, and not given back. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "48",
  title: "duplicate check after deduct, no compensation",
  breaks: ["conservation"],
  typescript: [
    twin(
      "reserve.ts",
      "if (found !== undefined) {",
      "if (found !== undefined) {\n    planted();\n    sale.sold = sale.sold + qty;",
    ),
  ],
  lua: [
    lua(
      "reserve.lua",
      "if found then\n",
      `if found then
    planted()
    sale.sold = sale.sold + qty
`,
    ),
  ],
};

export default await breed(mutant);
