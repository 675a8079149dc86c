/**
 * Which of several equal paths a packet takes: Linux's per-flow hash.
 *
 * Rules: Linux 6.18.44 with `net.ipv4.fib_multipath_hash_seed` set, recorded flow by flow; without
 * that setting the kernel keys the hash with a value of its own at boot. All flows of one hash stay
 * on one path, both directions hash alike, and when a path dies the bounds are drawn afresh over
 * the others, so that flows of surviving paths move too.
 */

/** What is hashed: 0 = source and destination, 1 = also protocol and ports. */
export type HashPolicy = 0 | 1;

const TWO_POW_31 = 2147483648;

/** `fib_multipath_hash_policy` and `fib_multipath_hash_seed` of one router. */
export class FlowHash {
  readonly #policy: HashPolicy;
  readonly #keyed: Int32Array;
  #primedProtocol = -1;
  /** State after the first three of the key's six words, which depend on the protocol alone. */
  readonly #primed = new Int32Array(8);
  /** The other three words and the closing one, whose top byte is the key's length: 48. */
  readonly #tail = Int32Array.of(0, 0, 0, 0, 0, 0, 0, 48 << 24);

  /** `seed` is an unsigned 32-bit integer. */
  constructor(seed: number, policy: HashPolicy) {
    this.#policy = policy;
    this.#keyed = keyed(seed);
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
    const hashedProtocol = hashesPorts ? protocol : 0;
    if (hashedProtocol !== this.#primedProtocol) this.#prime(hashedProtocol);

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
    const tail = this.#tail;
    tail[1] = ports;
    tail[3] = first;
    tail[4] = second;
    const hash = finish(this.#primed, tail);
    return (hash === 0 ? 1 : hash) >>> 1;
  }

  #prime(protocol: number): void {
    this.#primed.set(this.#keyed);
    absorb(this.#primed, Int32Array.of(protocol << 16, 0, 0, 0, 0, 0));
    this.#primedProtocol = protocol;
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

/** SipHash's initial state for the 128-bit key in which all four 32-bit words are the seed. */
function keyed(seed: number): Int32Array {
  // "somepseudorandomlygeneratedbytes", low and high half of each of v0..v3.
  const magic = [
    0x70736575, 0x736f6d65, 0x6e646f6d, 0x646f7261, 0x6e657261, 0x6c796765, 0x79746573, 0x74656462,
  ];
  return Int32Array.from(magic, (word) => word ^ seed);
}

/** Runs the message words of `message` (low half, high half, ...) through `state`, in place. */
function absorb(state: Int32Array, message: Int32Array): void {
  sipRounds(state, message, message.length / 2, false);
}

/** Low half of SipHash-2-4: the words of `message`, then the finalisation; `state` is kept. */
function finish(state: Int32Array, message: Int32Array): number {
  return sipRounds(state, message, message.length / 2 + 1, true);
}

/**
 * SipHash works on 64-bit words. Each is kept here as two 32-bit halves in local variables (`v0`
 * low, `w0` high), since a BigInt would be allocated for every step; and there is one copy of the
 * round, inside two loops, because a function cannot return eight numbers without allocating.
 * A sum carries into the high half exactly when it is less than a term. As a number that is no
 * branch, which would be mispredicted every other time.
 */
function sipRounds(
  state: Int32Array,
  message: Int32Array,
  steps: number,
  finishing: boolean,
): number {
  let v0 = state[0];
  let w0 = state[1];
  let v1 = state[2];
  let w1 = state[3];
  let v2 = state[4];
  let w2 = state[5];
  let v3 = state[6];
  let w3 = state[7];
  let swap = 0;
  let sum = 0;
  for (let step = 0; step < steps; step++) {
    // The step after the last word is the finalisation: twice the rounds and no word.
    const isWord = step * 2 < message.length;
    const low = isWord ? message[step * 2] : 0;
    const high = isWord ? message[step * 2 + 1] : 0;
    if (!isWord) v2 ^= 0xff;
    v3 ^= low;
    w3 ^= high;
    for (let round = isWord ? 2 : 4; round > 0; round--) {
      // v0 += v1; v1 = rotl(v1, 13) ^ v0; v0 = rotl(v0, 32)
      sum = (v0 + v1) | 0;
      w0 = (w0 + w1 + Number(sum >>> 0 < v0 >>> 0)) | 0;
      v0 = sum;
      swap = v1;
      v1 = ((v1 << 13) | (w1 >>> 19)) ^ v0;
      w1 = ((w1 << 13) | (swap >>> 19)) ^ w0;
      swap = v0;
      v0 = w0;
      w0 = swap;
      // v2 += v3; v3 = rotl(v3, 16) ^ v2
      sum = (v2 + v3) | 0;
      w2 = (w2 + w3 + Number(sum >>> 0 < v2 >>> 0)) | 0;
      v2 = sum;
      swap = v3;
      v3 = ((v3 << 16) | (w3 >>> 16)) ^ v2;
      w3 = ((w3 << 16) | (swap >>> 16)) ^ w2;
      // v0 += v3; v3 = rotl(v3, 21) ^ v0
      sum = (v0 + v3) | 0;
      w0 = (w0 + w3 + Number(sum >>> 0 < v0 >>> 0)) | 0;
      v0 = sum;
      swap = v3;
      v3 = ((v3 << 21) | (w3 >>> 11)) ^ v0;
      w3 = ((w3 << 21) | (swap >>> 11)) ^ w0;
      // v2 += v1; v1 = rotl(v1, 17) ^ v2; v2 = rotl(v2, 32)
      sum = (v2 + v1) | 0;
      w2 = (w2 + w1 + Number(sum >>> 0 < v2 >>> 0)) | 0;
      v2 = sum;
      swap = v1;
      v1 = ((v1 << 17) | (w1 >>> 15)) ^ v2;
      w1 = ((w1 << 17) | (swap >>> 15)) ^ w2;
      swap = v2;
      v2 = w2;
      w2 = swap;
    }
    v0 ^= low;
    w0 ^= high;
  }
  if (!finishing) {
    state[0] = v0;
    state[1] = w0;
    state[2] = v1;
    state[3] = w1;
    state[4] = v2;
    state[5] = w2;
    state[6] = v3;
    state[7] = w3;
  }
  return (v0 ^ v1 ^ v2 ^ v3) >>> 0;
}
