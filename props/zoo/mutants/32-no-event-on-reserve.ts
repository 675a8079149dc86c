/** A reservation is not told to the order book: a ticket is held, and nobody knows of an order. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "32",
  title: "no outbox event on reserve",
  breaks: ["one-order"],
  typescript: [twin("reserve.ts", 'emit(state, "H", id, row, "");', "planted();")],
  lua: [lua("reserve.lua", "emit('H', id, row, '')", "planted()")],
};

export default await breed(mutant);
