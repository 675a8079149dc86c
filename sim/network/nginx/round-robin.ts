import type { Balancer } from "./balancer.ts";
import { NO_PEER, type Peers } from "./peers.ts";
import type { UpstreamRequest } from "./request.ts";

/** Smooth weighted round robin: the default, and where hash and random end when they give up. */
export class RoundRobin implements Balancer {
  begin(_request: UpstreamRequest): void {}

  pick(peers: Peers, request: UpstreamRequest, nowSeconds: number): number {
    if (!request.hasTriedAny) {
      const index = peers.pickEvenly(nowSeconds);
      if (index !== NO_PEER) return index;
    }
    const count = peers.collectAvailable(peers.everyone, request, nowSeconds);
    return peers.smoothPick(peers.available, count);
  }
}
