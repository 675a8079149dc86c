/** The deadline is listed in seconds and compared in milliseconds: every hold is due at once. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "17",
  title: "seconds for ms",
  breaks: ["conservation"],
  typescript: [
    twin(
      "prelude.ts",
      "add(state.deadlines, row.deadlineMs, id);",
      "planted();\n  add(state.deadlines, Math.floor(row.deadlineMs / 1000), id);",
    ),
  ],
  lua: [
    lua(
      "prelude.lua",
      "appendPair(addedDeadlines, textOf[row.deadlineMs], id)",
      `planted()
  appendPair(addedDeadlines, textOf[math.floor(row.deadlineMs / 1000)], id)`,
    ),
  ],
};

export default await breed(mutant);
