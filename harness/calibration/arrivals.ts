/** When the requests of a measurement arrive. */
import { Randomness } from "../../sim/kernel/random.ts";
import { checkScenario } from "../../sim/scenario/load.ts";
import { BuyerDraws } from "../../sim/world/buyer-draws.ts";

/**
 * The arrivals of the simulator's buyers of that seed, in milliseconds. The real stack gets the
 * very same ones, so that prediction and measurement differ by the model's error and not by the
 * luck of the draw.
 */
export function arrivalsMs(count: number, ratePerSecond: number, seed: bigint): number[] {
  const scenario = checkScenario({ buyers: { count, ratePerSecond } }, "arrivals");
  const draws = new BuyerDraws(new Randomness(seed), scenario);
  let atNs = 0;
  return Array.from({ length: count }, (_, buyer) => {
    atNs += draws.gapNs(buyer);
    return atNs / 1e6;
  });
}
