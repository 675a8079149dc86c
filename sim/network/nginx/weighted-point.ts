import { ATTEMPTS_MAX } from "./balancer.ts";
import type { Peers } from "./peers.ts";
import type { UpstreamRequest } from "./request.ts";
import { RoundRobin } from "./round-robin.ts";

/**
 * What `ip_hash`, `hash` and `random` share: they name a point, the server owning that share of the
 * total weight is asked, and if it cannot take the request the next point is named. A server that
 * is `down` keeps its share, so that the others' clients stay where they are. Current and effective
 * weights are neither read nor changed.
 */
export abstract class WeightedPoint extends RoundRobin {
  readonly attemptsMax: number = ATTEMPTS_MAX;

  /** The next point of this request: a non-negative integer, taken modulo the total weight. */
  abstract nextPoint(request: UpstreamRequest): number;

  override pick(peers: Peers, request: UpstreamRequest, nowSeconds: number): number {
    while (request.attempts <= this.attemptsMax) {
      const index = peers.ownerOf(this.nextPoint(request) % peers.totalWeight);
      if (!request.hasTried(index) && peers.isAvailable(index, nowSeconds)) return index;
      request.attempts += 1;
    }
    return super.pick(peers, request, nowSeconds);
  }
}
