/** An expired hold is marked as expired, and its tickets are forgotten. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "15",
  title: "sweep frees nothing",
  breaks: ["conservation"],
  typescript: [twin("sweep.ts", "giveBack(state, row);", "planted();")],
  lua: [lua("sweep.lua", "giveBack(row)", "planted()")],
};

export default await breed(mutant);
