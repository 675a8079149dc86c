/** A paid ticket can be given up as if it were a hold: it is sold again, and the money is kept. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  number: 9,
  title: "release after confirm",
  breaks: ["conservation"],
  typescript: [
    twin(
      "release.ts",
      'if (row.state === "C") return result(state, "CONFIRMED", id);\n  if (row.state !== "H") return',
      'if (row.state !== "H" && row.state !== "C") return',
    ),
  ],
  lua: [
    lua(
      "release.lua",
      "if row.state == 'C' then return result('CONFIRMED', id) end\n  if row.state ~= 'H' then",
      "if row.state ~= 'H' and row.state ~= 'C' then",
    ),
  ],
};

export default await breed(mutant);
