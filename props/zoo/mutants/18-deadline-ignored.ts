/** The sweeper takes whatever is held, due or not. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "18",
  title: "deadline ignored",
  breaks: ["conservation"],
  typescript: [
    twin(
      "sweep.ts",
      "popUntil(state.deadlines, sale.clockMs - graceMs, limit)",
      "popUntil(state.deadlines, planted() ? Infinity : 0, limit)",
    ),
  ],
  lua: [
    lua(
      "sweep.lua",
      "membersUntil(KEY_DEADLINES, sale.clockMs - graceMs)",
      "membersUntil(KEY_DEADLINES, planted() and 1e15)",
    ),
  ],
};

export default await breed(mutant);
