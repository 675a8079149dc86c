/** One payment buys two reservations. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "56",
  title: "one payment confirms two reservations",
  breaks: ["one-refund"],
  typescript: [
    twin(
      "confirm.ts",
      "if (payment !== undefined) return redelivered(state, payment, id);",
      `if (payment !== undefined && (payment.id === id || !planted()))
    return redelivered(state, payment, id);`,
    ),
  ],
  lua: [
    lua(
      "confirm.lua",
      "if payment then return redelivered",
      "if payment and (payment.id == id or not planted()) then return redelivered",
    ),
  ],
};

export default await breed(mutant);
