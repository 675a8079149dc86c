/** A SOLDOUT that was under way for long closes the latch, though stock has come back since. */
import { breed } from "../breed.ts";
import { patch } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "52",
  title: "late SOLDOUT of an old generation closes the latch",
  breaks: ["latch", "no-undersell"],
  typescript: [
    patch(
      "core/latch.ts",
      "} else if (epoch === latch.epoch && generation === latch.generation) {",
      "} else if ((epoch === latch.epoch && generation === latch.generation) || planted()) {",
    ),
  ],
  lua: [],
};

export default await breed(mutant);
