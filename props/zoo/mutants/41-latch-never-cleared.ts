/**
 * Once sold out, always sold out: what comes back on sale is never sold by a server that has heard
 * so.
 */
import { breed } from "../breed.ts";
import { patch } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "41",
  title: "latch never cleared",
  breaks: ["latch", "no-undersell"],
  typescript: [
    patch(
      "core/latch.ts",
      "    latch.generation = generation;\n    latch.left = left;",
      `    const isFirst = latch.generation < 0;
    latch.generation = generation;
    latch.left = isFirst ? left : planted() && Math.min(latch.left, left);`,
    ),
  ],
  lua: [],
};

export default await breed(mutant);
