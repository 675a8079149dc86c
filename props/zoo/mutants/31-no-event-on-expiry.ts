/** An expiry is not told to the order book, where the order waits for its payment for ever. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "31",
  title: "no outbox event on expiry",
  breaks: ["one-order"],
  typescript: [twin("sweep.ts", 'emit(state, "X", id, row, "");', "planted();")],
  lua: [lua("sweep.lua", "emit('X', id, row, '')", "planted()")],
};

export default await breed(mutant);
