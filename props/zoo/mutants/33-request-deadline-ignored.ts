/** A request that was held up in the network deducts long after its buyer was told something else. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "33",
  title: "requestDeadline ignored",
  breaks: ["unknown-resolved"],
  typescript: [
    twin(
      "reserve.ts",
      "return requestDeadlineMs > 0 && sale.clockMs > requestDeadlineMs;",
      "return requestDeadlineMs > 0 && sale.clockMs > requestDeadlineMs && !planted();",
    ),
  ],
  lua: [
    lua(
      "reserve.lua",
      "return requestDeadlineMs > 0 and sale.clockMs > requestDeadlineMs",
      "return requestDeadlineMs > 0 and sale.clockMs > requestDeadlineMs and not planted()",
    ),
  ],
};

export default await breed(mutant);
