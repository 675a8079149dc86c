import { WeightedPoint } from "./weighted-point.ts";

/** `random`: a server with probability proportional to its weight. */
export class Random extends WeightedPoint {
  readonly #draw31: () => number;

  /** @param draw31 a uniform integer in [0, 2^31), as `random()` of the C library */
  constructor(draw31: () => number) {
    super();
    this.#draw31 = draw31;
  }

  override nextPoint(): number {
    return this.#draw31();
  }
}
