import { ATTEMPTS_MAX } from "./balancer.ts";
import { CRC32_START, crc32Finish, crc32Text } from "./crc32.ts";
import type { HashRing } from "./hash-ring.ts";
import { NO_PEER, type Peers } from "./peers.ts";
import type { UpstreamRequest } from "./request.ts";
import { RoundRobin } from "./round-robin.ts";

/**
 * `hash key consistent`: the key's place on a ring of points, then on to the next points. Points
 * are counted as attempts, not servers: a heavy dead server can use up all 21 by itself, and then
 * its keys go round robin. Servers with the same address share their points by round robin.
 */
export class ConsistentHash extends RoundRobin {
  readonly ring: HashRing;
  readonly attemptsMax: number = ATTEMPTS_MAX;

  constructor(ring: HashRing) {
    super();
    this.ring = ring;
  }

  override begin(request: UpstreamRequest): void {
    request.hash = this.ring.find(crc32Finish(crc32Text(CRC32_START, request.hashKey)));
  }

  override pick(peers: Peers, request: UpstreamRequest, nowSeconds: number): number {
    if (request.hashKey.length === 0) return super.pick(peers, request, nowSeconds);
    const { owner, names } = this.ring;
    while (request.attempts <= this.attemptsMax) {
      const named = names[owner[request.hash % owner.length]];
      const count = peers.collectAvailable(named, request, nowSeconds);
      const index = peers.smoothPick(peers.available, count);
      if (index !== NO_PEER) return index;
      request.hash += 1;
      request.attempts += 1;
    }
    return super.pick(peers, request, nowSeconds);
  }
}
