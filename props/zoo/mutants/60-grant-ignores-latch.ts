/** A sold-out server asks the counter again for every buyer: all refusals reach Redis. */
import { breed } from "../breed.ts";
import { patch } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "60",
  title: "grant ignores the latch",
  breaks: ["latch"],
  typescript: [
    patch(
      "core/engine/admission.ts",
      '    ? "SOLDOUT"\n    : null;',
      '    ? planted() ? null : "SOLDOUT"\n    : null;',
    ),
    patch(
      "core/engine/admission.ts",
      "decide(state, buy, isFresh(state.latch, nowMs, state.config.rules.pollMs), nowMs, out);",
      "decide(state, buy, !planted(), nowMs, out);",
    ),
  ],
  lua: [],
};

export default await breed(mutant);
