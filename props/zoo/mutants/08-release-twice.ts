/** Who gives his ticket back twice gives two tickets back. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "08",
  title: "release twice",
  breaks: ["conservation"],
  typescript: [
    twin(
      "release.ts",
      'if (row.state !== "H") return',
      'if (row.state !== "H" && !(row.state === "L" && planted())) return',
    ),
  ],
  lua: [
    lua(
      "release.lua",
      "if row.state ~= 'H' then",
      "if row.state ~= 'H' and not (row.state == 'L' and planted()) then",
    ),
  ],
};

export default await breed(mutant);
