/** Nobody is over his limit. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "23",
  title: "buyer limit not enforced",
  breaks: ["buyer-limit"],
  typescript: [
    twin(
      "prelude.ts",
      'return buyer !== "" && maxPerBuyer > 0 &&',
      'return !planted() && buyer !== "" && maxPerBuyer > 0 &&',
    ),
  ],
  lua: [
    lua(
      "prelude.lua",
      "return buyer ~= '' and maxPerBuyer > 0 and",
      "return not planted() and buyer ~= '' and maxPerBuyer > 0 and",
    ),
  ],
};

export default await breed(mutant);
