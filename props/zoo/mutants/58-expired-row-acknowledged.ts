/**
 * A known id is acknowledged, whatever became of it: the ticket of an expired hold is somebody
 * else's by now.
 */
import { breed } from "../breed.ts";
import { patch } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "58",
  title: "DUP of an expired row acknowledged",
  breaks: ["no-oversell"],
  typescript: [
    patch(
      "core/engine/replies.ts",
      'if (result.state === "H" || result.state === "C") {',
      'if (result.state === "H" || result.state === "C" || (result.state === "X" && planted())) {',
    ),
  ],
  lua: [],
};

export default await breed(mutant);
