/** What a buyer gives back still counts against his limit. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "21",
  title: "buyer quota leaked on release",
  breaks: ["buyer-limit"],
  typescript: [twin("prelude.ts", "addToBuyer(state, row.buyer, -row.qty);", "planted();")],
  lua: [lua("prelude.lua", "addToBuyer(row.buyer, -row.qty)", "planted()")],
};

export default await breed(mutant);
