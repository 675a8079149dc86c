import { NO_PEER, type Peers } from "./peers.ts";
import type { UpstreamRequest } from "./request.ts";
import { RoundRobin } from "./round-robin.ts";

/** `least_conn`: fewest requests in flight per weight; equals share by smooth round robin. */
export class LeastConnections extends RoundRobin {
  #tied = new Int32Array(0);

  override pick(peers: Peers, request: UpstreamRequest, nowSeconds: number): number {
    const { connections, weight } = peers;
    const count = peers.collectAvailable(peers.everyone, request, nowSeconds);
    const available = peers.available;
    if (this.#tied.length < peers.count) this.#tied = new Int32Array(peers.count);
    const tied = this.#tied;

    // The first is taken as fewer than none, so that it becomes the best.
    let best = NO_PEER;
    let bestConnections = 1;
    let bestWeight = 0;
    let tiedCount = 0;
    for (let i = 0; i < count; i += 1) {
      const index = available[i];
      const own = connections[index] * bestWeight;
      const others = bestConnections * weight[index];
      if (own > others) continue;
      if (own < others) {
        best = index;
        bestConnections = connections[index];
        bestWeight = weight[index];
        tiedCount = 0;
      }
      tied[tiedCount] = index;
      tiedCount += 1;
    }
    // A winner without equals pays nothing and earns nothing.
    if (tiedCount <= 1) return best;
    return this.pickAmongTied(peers, tiedCount === count ? available : tied, tiedCount);
  }

  /** Chooses among the first `count` of `tied`, which are equally loaded. */
  pickAmongTied(peers: Peers, tied: Int32Array, count: number): number {
    return peers.smoothPick(tied, count);
  }
}
