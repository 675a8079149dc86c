/** Nobody looks whether the id is known: every retry deducts again. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  number: 5,
  title: "no request id",
  breaks: ["conservation"],
  typescript: [
    twin(
      "reserve.ts",
      "const found = state.rows.get(id);",
      "const found: Row | undefined = undefined;",
    ),
  ],
  lua: [lua("reserve.lua", "local found = rowOf(id)", "local found = nil")],
};

export default await breed(mutant);
