/** Seeds have 64 bits everywhere in the project, and 32 in fast-check. */
import { Randomness } from "../../sim/kernel/random.ts";

/** fast-check's own seed for one property, a signed 32-bit integer; every property has another. */
export function fastCheckSeed(seed: bigint, property: string): number {
  return new Randomness(seed).stream(`fast-check/${property}`).bits(0) | 0;
}
