/** Nobody looks whether the id is known: every retry deducts again. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "05",
  title: "no request id",
  breaks: ["conservation"],
  typescript: [
    twin(
      "reserve.ts",
      "const found = state.rows.get(id);",
      "const found = planted() ? undefined : state.rows.get(id);",
    ),
  ],
  lua: [lua("reserve.lua", "local found = rowOf(id)", "local found = not planted() and rowOf(id)")],
};

export default await breed(mutant);
