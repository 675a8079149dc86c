/**
 * An id that was settled as unknown leaves no trace: its request, still on its way, deducts
 * afterwards.
 */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "20",
  title: "no tombstone",
  breaks: ["unknown-resolved"],
  typescript: [
    twin("prelude.ts", 'state.rows.set(id, row);\n  retire(state, id, row, "D");', "planted();"),
  ],
  lua: [lua("prelude.lua", "retire(id, row, 'D')", "planted()")],
};

export default await breed(mutant);
