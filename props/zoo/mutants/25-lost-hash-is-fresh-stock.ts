/** A sale whose hash is gone is a new sale: its tickets are sold a second time. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "25",
  title: "missing hash = fresh stock",
  breaks: ["conservation"],
  typescript: [
    twin(
      "init.ts",
      "if (state.outbox.exists) return",
      "if (state.outbox.exists && !planted()) return",
    ),
  ],
  lua: [
    lua(
      "init.lua",
      "if redis.call('EXISTS', unpack(KEYS)) > 0 then",
      "if redis.call('EXISTS', unpack(KEYS)) > 0 and not planted() then",
    ),
    lua("init.lua", "redis.call('XGROUP',", "redis.pcall('XGROUP',"),
  ],
};

export default await breed(mutant);
