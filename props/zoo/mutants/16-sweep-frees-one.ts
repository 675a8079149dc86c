/** Every expired hold gives one ticket back, whatever it held. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "16",
  title: "sweep frees 1 per hold",
  breaks: ["conservation"],
  typescript: [
    twin("sweep.ts", "giveBack(state, row);", "planted();\n  giveBack(state, { ...row, qty: 1 });"),
  ],
  lua: [lua("sweep.lua", "giveBack(row)", "planted()\n  giveBack({ qty = 1, buyer = row.buyer })")],
};

export default await breed(mutant);
