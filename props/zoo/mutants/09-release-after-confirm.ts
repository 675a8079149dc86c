/** A paid ticket can be given up as if it were a hold: it is sold again, and the money is kept. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "09",
  title: "release after confirm",
  breaks: ["conservation"],
  typescript: [
    twin(
      "release.ts",
      `if (row.state === "C") return result(state, "CONFIRMED", id);
  if (row.state !== "H") return`,
      'if (row.state !== "H" && !(row.state === "C" && planted())) return',
    ),
  ],
  lua: [
    lua(
      "release.lua",
      `if row.state == 'C' then return result('CONFIRMED', id) end
  if row.state ~= 'H' then`,
      "if row.state ~= 'H' and not (row.state == 'C' and planted()) then",
    ),
  ],
};

export default await breed(mutant);
