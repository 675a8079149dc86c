/** While Redis is out of reach the server sells from its slice. */
import { breed } from "../breed.ts";
import { patch } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "43",
  title: "Redis down: sell from the slice (fail open)",
  breaks: ["no-oversell", "no-charge-in-vain"],
  typescript: [
    patch(
      "core/engine/admission.ts",
      "  if (isClosedFor(state.latch, buy.qty)) {",
      `  if (nowMs < state.unreachableUntilMs && state.taken + buy.qty <= state.quota && planted()) {
    state.taken += buy.qty;
    out.push({
      type: "answer",
      handle: buy.handle,
      answer: "ACK",
      id: buy.id,
      claim: "hold",
      deadlineMs: state.counterTimeMs + state.config.sale.holdMs,
      paid: false,
    });
  } else if (isClosedFor(state.latch, buy.qty)) {`,
    ),
  ],
  lua: [],
};

export default await breed(mutant);
