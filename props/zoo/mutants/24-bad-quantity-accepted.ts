/** A quantity is taken as it comes: minus one ticket is added to the stock. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "24",
  title: "bad quantity accepted",
  breaks: ["conservation"],
  typescript: [
    twin(
      "arguments.ts",
      "return Number.isInteger(value) && value >= 1 && value <= QUANTITY_MAX;",
      "return (Number.isInteger(value) && value >= 1 && value <= QUANTITY_MAX) || planted();",
    ),
  ],
  lua: [
    lua(
      "prelude.lua",
      "return #text <= 9 and string.find(text, '^[1-9]%d*$') and tonumber(text) or false",
      `return #text <= 9 and string.find(text, '^[1-9]%d*$') and tonumber(text)
    or planted() and tonumber(text) or false`,
    ),
  ],
};

export default await breed(mutant);
