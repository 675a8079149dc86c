/** A call that took too long will have worked: the buyer is told that the ticket is his. */
import { breed } from "../breed.ts";
import { patch } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "39",
  title: "timeout = success",
  breaks: ["no-oversell", "no-charge-in-vain"],
  typescript: [
    patch(
      "core/engine/replies.ts",
      "        } else {\n          becomesUnresolved(state, attempt, out);\n        }",
      `        } else {
          planted();
          state.attempts.delete(queued.item.id);
          for (const handle of attempt.handles)
            out.push({
              type: "answer",
              handle,
              answer: "ACK",
              id: queued.item.id,
              claim: "hold",
              deadlineMs: state.counterTimeMs + state.config.sale.holdMs,
              paid: false,
            });
        }`,
    ),
  ],
  lua: [],
};

export default await breed(mutant);
