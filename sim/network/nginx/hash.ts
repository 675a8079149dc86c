import { CRC32_START, crc32Decimal, crc32Finish, crc32Text } from "./crc32.ts";
import type { Peers } from "./peers.ts";
import type { UpstreamRequest } from "./request.ts";
import { WeightedPoint } from "./weighted-point.ts";

/**
 * `hash key`: the sum of 15-bit hashes of the key, from the second attempt on with the attempt's
 * number before it, as the Perl client Cache::Memcached does. Adding a server moves most keys.
 */
export class Hash extends WeightedPoint {
  override begin(request: UpstreamRequest): void {
    request.hash = 0;
    request.rehash = 0;
  }

  override pick(peers: Peers, request: UpstreamRequest, nowSeconds: number): number {
    // No key, no hash: every attempt is spent already.
    if (request.hashKey.length === 0) request.attempts = this.attemptsMax + 1;
    return super.pick(peers, request, nowSeconds);
  }

  override nextPoint(request: UpstreamRequest): number {
    let crc = CRC32_START;
    if (request.rehash > 0) crc = crc32Decimal(crc, request.rehash);
    crc = crc32Finish(crc32Text(crc, request.hashKey));
    request.rehash += 1;
    request.hash += (crc >>> 16) & 0x7fff;
    return request.hash;
  }
}
