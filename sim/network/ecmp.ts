/**
 * Which of several equal paths a packet takes: Linux's per-flow hash.
 *
 * Rules: Linux 6.18.44 with `net.ipv4.fib_multipath_hash_seed` set, recorded flow by flow; without
 * that setting the kernel keys the hash with a value of its own at boot. All flows of one hash stay
 * on one path, both directions hash alike, and when a path dies the bounds are drawn afresh over
 * the others, so that flows of surviving paths move too.
 */
import { flowSipHash } from "./siphash.ts";

/** What is hashed: 0 = source and destination, 1 = also protocol and ports. */
export type HashPolicy = 0 | 1;

const TWO_POW_31 = 2147483648;

/** `fib_multipath_hash_policy` and `fib_multipath_hash_seed` of one router. */
export class FlowHash {
  readonly #seed: number;
  readonly #policy: HashPolicy;

  /** `seed` is an unsigned 32-bit integer. */
  constructor(seed: number, policy: HashPolicy) {
    this.#seed = seed;
    this.#policy = policy;
  }

  /**
   * Hash of a flow in 0..2^31-1. Addresses are unsigned 32-bit numbers as people write them
   * (10.0.0.1 = 0x0a000001), ports 0..65535; under policy 0 protocol and ports do not matter.
   */
  hash31(
    source: number,
    destination: number,
    protocol: number,
    sourcePort: number,
    destinationPort: number,
  ): number {
    const hashesPorts = this.#policy === 1;
    // The kernel compares and hashes network bytes as little-endian machine words.
    let first = swapBytes(source);
    let second = swapBytes(destination);
    if (second >>> 0 < first >>> 0) {
      const swapped = first;
      first = second;
      second = swapped;
    }
    let ports = 0;
    if (hashesPorts) {
      const sourceBytes = ((sourcePort & 255) << 8) | (sourcePort >>> 8);
      const destinationBytes = ((destinationPort & 255) << 8) | (destinationPort >>> 8);
      ports =
        destinationBytes < sourceBytes
          ? destinationBytes | (sourceBytes << 16)
          : sourceBytes | (destinationBytes << 16);
    }
    const hashedProtocol = hashesPorts ? protocol << 16 : 0;
    const hash = flowSipHash(this.#seed, hashedProtocol, ports, first, second);
    return (hash === 0 ? 1 : hash) >>> 1;
  }
}

/**
 * Path 0..count-1 of `count` equal paths for a hash in 0..2^31-1.
 * The bound of path i is round((i + 1) * 2^31 / count) - 1.
 */
export function pickPath(hash31: number, count: number): number {
  // All products stay below 2^53 for any count a route can have, so the arithmetic is exact; the
  // rounding of the bounds moves the quotient by one path at most.
  const half = count >>> 1;
  const path = Math.floor((hash31 * count) / TWO_POW_31);
  if (hash31 >= Math.floor(((path + 1) * TWO_POW_31 + half) / count)) return path + 1;
  if (path > 0 && hash31 < Math.floor((path * TWO_POW_31 + half) / count)) return path - 1;
  return path;
}

/**
 * Upper bounds (inclusive, ascending) of weighted paths, for `pickWeightedPath`. Weights are
 * integers of at least 1; a dead path is left out by the caller.
 */
export function pathBounds(weights: readonly number[]): number[] {
  let total = 0;
  for (const weight of weights) total += weight;
  let sum = 0;
  return weights.map((weight) => {
    sum += weight;
    return Math.floor((sum * TWO_POW_31 + Math.floor(total / 2)) / total) - 1;
  });
}

/** First path whose bound is not below the hash. */
export function pickWeightedPath(hash31: number, bounds: readonly number[]): number {
  let path = 0;
  while (path < bounds.length - 1 && hash31 > bounds[path]) path += 1;
  return path;
}

function swapBytes(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}
