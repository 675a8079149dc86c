import type { UpstreamRequest } from "./request.ts";
import { WeightedPoint } from "./weighted-point.ts";

const START = 89;
const MULTIPLIER = 113;
const MODULUS = 6271;

/**
 * `ip_hash`: clients of one IPv4 /24 (a campus, a carrier's address translation) share a server.
 * A retry hashes on from where the request is (`ngx_http_upstream_ip_hash_module.c`, 1.22.1).
 */
export class IpHash extends WeightedPoint {
  override begin(request: UpstreamRequest): void {
    request.hash = START;
  }

  override nextPoint(request: UpstreamRequest): number {
    const address = request.address;
    let hash = request.hash;
    for (let i = 0; i < address.length; i += 1) {
      hash = (hash * MULTIPLIER + address[i]) % MODULUS;
    }
    request.hash = hash;
    return hash;
  }
}
