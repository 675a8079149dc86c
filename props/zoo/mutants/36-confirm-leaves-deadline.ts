/** A paid reservation stays on the list of deadlines, which grows with every sale. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "36",
  title: "confirm leaves its deadline entry",
  breaks: ["conservation"],
  typescript: [
    twin(
      "confirm.ts",
      "removeDeadline(state, id);\n    return confirmRow",
      "planted();\n    return confirmRow",
    ),
  ],
  lua: [
    lua(
      "confirm.lua",
      "removeDeadline(id)\n    return confirmRow",
      "planted()\n    return confirmRow",
    ),
  ],
};

export default await breed(mutant);
