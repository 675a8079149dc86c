/** What is due is judged by the clock of the server that sweeps, which is eleven minutes fast. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "51",
  title: "sweeper on the server's clock",
  breaks: ["conservation"],
  typescript: [
    twin(
      "sweep.ts",
      "sale.clockMs - graceMs, limit);",
      "sale.clockMs + (planted() ? 660_000 : 0) - graceMs, limit);",
    ),
  ],
  lua: [
    lua("sweep.lua", "sale.clockMs - graceMs)", "sale.clockMs + (planted() and 660000) - graceMs)"),
  ],
};

export default await breed(mutant);
