/** A sweeper that missed a recovery goes on expiring holds in its old epoch. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "29",
  title: "epoch unchecked on sweep",
  breaks: ["conservation"],
  typescript: [
    twin(
      "sweep.ts",
      "enter(state, epoch, redisTimeMs)",
      "enter(state, planted() && state.sale !== null ? state.sale.epoch : epoch, redisTimeMs)",
    ),
  ],
  lua: [
    lua(
      "sweep.lua",
      "enter(epoch)",
      "enter(planted() and tonumber(redis.call('HGET', KEY_SALE, 'epoch')) or epoch)",
    ),
  ],
};

export default await breed(mutant);
