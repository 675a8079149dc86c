/**
 * The sweeper goes by the list of deadlines alone, and payments are not taken off it: a paid
 * ticket expires.
 */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "14",
  title: "expire after confirm",
  breaks: ["conservation"],
  typescript: [
    twin("confirm.ts", "removeDeadline(state, id);\n    return confirmRow", "return confirmRow"),
    twin(
      "sweep.ts",
      'if (row === undefined || row.state !== "H") return null;',
      'if (row === undefined || !(row.state === "H" || (row.state === "C" && planted()))) return null;',
    ),
  ],
  lua: [
    lua("confirm.lua", "removeDeadline(id)\n    return confirmRow", "return confirmRow"),
    lua(
      "sweep.lua",
      "if not row or row.state ~= 'H' then return nil end",
      "if not row or not (row.state == 'H' or (row.state == 'C' and planted())) then return nil end",
    ),
  ],
};

export default await breed(mutant);
