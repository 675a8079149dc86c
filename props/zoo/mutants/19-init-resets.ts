/** Who runs the set-up again resets a sale that lives: what was sold is on sale once more. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "19",
  title: "init resets a live counter",
  breaks: ["conservation"],
  typescript: [
    twin("init.ts", "if (found !== null) {", "if (found !== null && !planted()) {"),
    twin(
      "init.ts",
      "if (state.outbox.exists) return",
      "if (state.outbox.exists && found === null) return",
    ),
  ],
  lua: [
    lua("init.lua", "if readSale() then", "if readSale() and not planted() then"),
    lua(
      "init.lua",
      "if redis.call('EXISTS', unpack(KEYS)) > 0 then",
      "if redis.call('EXISTS', KEY_SALE) == 0 and redis.call('EXISTS', unpack(KEYS)) > 0 then",
    ),
    lua("init.lua", "redis.call('XGROUP',", "redis.pcall('XGROUP',"),
  ],
};

export default await breed(mutant);
