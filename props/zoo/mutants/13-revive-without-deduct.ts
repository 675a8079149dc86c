/** A late payment revives its reservation, and the stock is not deducted again. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "13",
  title: "revive without deduct",
  breaks: ["conservation"],
  typescript: [
    twin(
      "confirm.ts",
      "take(state, row);\n    unretire(state, id);",
      "planted();\n    unretire(state, id);",
    ),
  ],
  lua: [lua("confirm.lua", "take(row)\n    unretire(id)", "planted()\n    unretire(id)")],
};

export default await breed(mutant);
