import { NO_PEER, type Peers } from "./peers.ts";
import { Random } from "./random.ts";
import type { UpstreamRequest } from "./request.ts";
import { RoundRobin } from "./round-robin.ts";

const giveUp = new RoundRobin();

/**
 * `random two` (with its default, `least_conn`): of two different usable servers drawn by weight,
 * the one with fewer requests in flight per weight; the second if they are equal.
 */
export class RandomTwo extends Random {
  override pick(peers: Peers, request: UpstreamRequest, nowSeconds: number): number {
    let first = NO_PEER;
    while (request.attempts <= this.attemptsMax) {
      const drawn = peers.ownerOf(this.nextPoint() % peers.totalWeight);
      if (drawn !== first && !request.hasTried(drawn) && peers.isAvailable(drawn, nowSeconds)) {
        if (first !== NO_PEER) return this.lessLoaded(peers, first, drawn);
        first = drawn;
      }
      // nginx 1.22.1 counts the draw that finds the first server as an attempt, too.
      request.attempts += 1;
    }
    return giveUp.pick(peers, request, nowSeconds);
  }

  lessLoaded(peers: Peers, first: number, second: number): number {
    const { connections, weight } = peers;
    const secondIsBusier =
      connections[second] * weight[first] > connections[first] * weight[second];
    return secondIsBusier ? first : second;
  }
}
