/** A known id is a duplicate, whatever it asks for: three tickets are acknowledged for one. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "07",
  title: "same id, other arguments accepted",
  breaks: ["conservation"],
  typescript: [
    twin(
      "reserve.ts",
      'return row.state === "D" || (row.qty === qty && row.buyer === buyer);',
      'return row.state === "D" || planted();',
    ),
  ],
  lua: [
    lua(
      "reserve.lua",
      "return row.state == 'D' or (row.qty == qty and row.buyer == buyer)",
      "return row.state == 'D' or planted()",
    ),
  ],
};

export default await breed(mutant);
