/** A server that missed a recovery goes on selling in its old epoch. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "28",
  title: "epoch unchecked on reserve",
  breaks: ["conservation"],
  typescript: [
    twin(
      "reserve.ts",
      "enter(state, epoch, redisTimeMs, items.length)",
      "enter(state, planted() && state.sale !== null ? state.sale.epoch : epoch, redisTimeMs)",
    ),
  ],
  lua: [
    lua(
      "reserve.lua",
      "enter(epoch)",
      "enter(planted() and tonumber(redis.call('HGET', KEY_SALE, 'epoch')) or epoch)",
    ),
  ],
};

export default await breed(mutant);
