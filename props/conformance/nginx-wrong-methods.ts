/** Wrong ideas of the balancing methods. */
import type { BalancingMethod } from "../../sim/network/nginx/config.ts";
import { ConsistentHash } from "../../sim/network/nginx/consistent-hash.ts";
import { CRC32_START, crc32Finish, crc32Text } from "../../sim/network/nginx/crc32.ts";
import { HashRing } from "../../sim/network/nginx/hash-ring.ts";
import { Hash } from "../../sim/network/nginx/hash.ts";
import { IpHash } from "../../sim/network/nginx/ip-hash.ts";
import { LeastConnections } from "../../sim/network/nginx/least-connections.ts";
import type { Peers } from "../../sim/network/nginx/peers.ts";
import { Random } from "../../sim/network/nginx/random.ts";
import type { UpstreamRequest } from "../../sim/network/nginx/request.ts";
import type { WrongVariant } from "./adapter.ts";
import type { NginxModel } from "./nginx-replay.ts";
import { withBalancer, withConfig, wrong } from "./nginx-wrong-kit.ts";

export const wrongMethods: readonly WrongVariant[] = [
  wrong(
    "20 attempts to hash",
    "the hash methods give up one attempt early",
    withBalancer({
      ip_hash: () =>
        new (class extends IpHash {
          override readonly attemptsMax = 19;
        })(),
      hash: () =>
        new (class extends Hash {
          override readonly attemptsMax = 19;
        })(),
    }),
  ),
  wrong(
    "ip_hash forgets servers that are down",
    "a down server has no share of the hash, so taking one out moves everyone's clients",
    withBalancer({
      ip_hash: (primaries) =>
        new (class extends IpHash {
          override nextPoint(request: UpstreamRequest): number {
            const owners = [...primaries.everyone].flatMap((index) => {
              const share = Array<number>(primaries.weight[index]).fill(index);
              return primaries.down[index] === 1 ? [] : share;
            });
            const owner = owners[super.nextPoint(request) % owners.length];
            return primaries.weight.subarray(0, owner).reduce((sum, weight) => sum + weight, 0);
          }
        })(),
    }),
  ),
  wrong(
    "ip_hash does not hash on",
    "every attempt names the same server, until round robin takes over",
    withBalancer({
      ip_hash: () =>
        new (class extends IpHash {
          override nextPoint(request: UpstreamRequest): number {
            this.begin(request);
            return super.nextPoint(request);
          }
        })(),
    }),
  ),
  wrong(
    "hash rehashes without the attempt's number",
    "every attempt adds the same hash",
    withBalancer({
      hash: () =>
        new (class extends Hash {
          override nextPoint(request: UpstreamRequest): number {
            request.rehash = 0;
            return super.nextPoint(request);
          }
        })(),
    }),
  ),
  wrong(
    "consistent hash ignores weights",
    "every server has 160 points on the ring",
    withoutWeights("hash consistent"),
  ),
  wrong(
    "consistent hash finds the point before the key",
    "the key belongs to the last point at or before it",
    withBalancer({
      "hash consistent": (primaries) =>
        new (class extends ConsistentHash {
          override begin(request: UpstreamRequest): void {
            const value = crc32Finish(crc32Text(CRC32_START, request.hashKey));
            request.hash = this.ring.find(value) + this.ring.points.length - 1;
          }
        })(new HashRing(primaries)),
    }),
  ),
  wrong(
    "least_conn gives ties to the first",
    "idle servers do not take turns",
    withBalancer({
      least_conn: () =>
        new (class extends LeastConnections {
          override pickAmongTied(_peers: Peers, tied: Int32Array): number {
            return tied[0];
          }
        })(),
    }),
  ),
  wrong(
    "least_conn ignores weights",
    "the fewest connections win, not the fewest per weight",
    withoutWeights("least_conn"),
  ),
  wrong(
    "random ignores weights",
    "each server is equally likely",
    withBalancer({
      random: (primaries, draw31) =>
        new (class extends Random {
          override pick(): number {
            return draw31() % primaries.count;
          }
        })(draw31),
    }),
  ),
];

function withoutWeights(method: BalancingMethod): NginxModel {
  return withConfig((config) => {
    if (config.method !== method) return config;
    return { ...config, servers: config.servers.map((server) => ({ ...server, weight: 1 })) };
  });
}
