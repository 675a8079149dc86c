/**
 * Randomness keyed by meaning, not by order: `draw = hash(seed, stream, id, purpose)`.
 *
 * A draw depends on nothing but its own key, so adding a draw, or drawing in another order, moves
 * no other draw. That is what makes a shrunk run resemble the run it came from.
 *
 * seedrandom (its `alea` generator, on a mixed seed) expands the seed into one pair of 32-bit keys
 * per named stream; the draws themselves are an integer hash on 32-bit lanes.
 */
import seedrandom from "seedrandom";

const TWO_POW_32 = 4294967296;
/** 2^0, 2^-1, …, 2^-32. */
const NEGATIVE_POWERS = Float64Array.from({ length: 33 }, (_, power) => 2 ** -power);

/** One named stream of keyed draws. All ids are non-negative integers below 2^53. */
export class Stream {
  readonly #keyLow: number;
  readonly #keyHigh: number;

  constructor(keyLow: number, keyHigh: number) {
    this.#keyLow = keyLow | 0;
    this.#keyHigh = keyHigh | 0;
  }

  /** Uniform 32-bit unsigned integer for (id, purpose). */
  bits(id: number, purpose = 0): number {
    // Two rounds of the murmur3 finaliser over the id's halves, each keyed: `id >>> 0` is the low
    // half of any integer below 2^53 and the division gives the high one.
    let h = Math.imul((id >>> 0) ^ this.#keyLow, 0x9e3779b1);
    const high = ((id / TWO_POW_32) | 0) + Math.imul(purpose, 0x3c6ef372);
    h ^= Math.imul(high, 0x85ebca6b) ^ this.#keyHigh;
    h ^= h >>> 16;
    h = Math.imul(h, 0x85ebca6b);
    h ^= h >>> 13;
    h = Math.imul(h + this.#keyHigh, 0xc2b2ae35);
    h ^= h >>> 16;
    h = Math.imul(h ^ this.#keyLow, 0x7feb352d);
    h ^= h >>> 15;
    h = Math.imul(h, 0x846ca68b);
    return (h ^ (h >>> 16)) >>> 0;
  }

  /** Uniform in [0, 1), 32 bits of it. */
  uniform(id: number, purpose = 0): number {
    return this.bits(id, purpose) / TWO_POW_32;
  }

  /** Uniform integer in [0, bound). The bias is below bound / 2^32. */
  integer(id: number, bound: number, purpose = 0): number {
    return Math.floor((this.bits(id, purpose) / TWO_POW_32) * bound);
  }

  /** Uniform integer in [low, high], both included. */
  between(id: number, low: number, high: number, purpose = 0): number {
    return low + this.integer(id, high - low + 1, purpose);
  }

  /** True with the given probability. */
  chance(id: number, probability: number, purpose = 0): boolean {
    return this.uniform(id, purpose) < probability;
  }

  /** Exponential with mean 1. */
  exponential(id: number, purpose = 0): number {
    // -ln(n / 2^32) for n in 1..2^32, so it is finite. Where n's first bit is tells its exponent.
    const n = this.bits(id, purpose) + 1;
    const exponent = n === TWO_POW_32 ? 32 : 31 - Math.clz32(n);
    return -lnOf(exponent - 32, n * NEGATIVE_POWERS[exponent]);
  }
}

/** All streams of one seed. */
export class Randomness {
  readonly seed: bigint;
  readonly #streams = new Map<string, Stream>();

  constructor(seed: bigint) {
    this.seed = BigInt.asUintN(64, seed);
  }

  /** The stream of that name; the same object each time. */
  stream(name: string): Stream {
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      const generator = seedrandom.alea(`${this.seed.toString(16).padStart(16, "0")}/${name}`);
      stream = new Stream(generator.int32(), generator.int32());
      this.#streams.set(name, stream);
    }
    return stream;
  }
}

const scratch = new DataView(new ArrayBuffer(8));

/**
 * Natural logarithm of a positive normal double from +, -, * and / only, whose results IEEE 754
 * fixes to the bit. `Math.log` may differ in its last bit between engines, and one bit is enough
 * to make two traces part.
 */
export function ln(x: number): number {
  scratch.setFloat64(0, x);
  const high = scratch.getUint32(0);
  scratch.setUint32(0, (high & 0xfffff) | 0x3ff00000);
  return lnOf((high >>> 20) - 1023, scratch.getFloat64(0));
}

/** Natural logarithm of `significand * 2^power`, for a significand from 1 to below 2. */
function lnOf(power: number, significand: number): number {
  const halves = significand > Math.SQRT2;
  const mantissa = halves ? significand / 2 : significand;
  const exponent = halves ? power + 1 : power;
  // ln(m) = 2 artanh((m-1)/(m+1)); |argument| <= 0.1716, so nine odd terms reach 1e-16.
  const s = (mantissa - 1) / (mantissa + 1);
  const z = s * s;
  const tail =
    z *
    (1 / 3 +
      z *
        (1 / 5 +
          z * (1 / 7 + z * (1 / 9 + z * (1 / 11 + z * (1 / 13 + z * (1 / 15 + z * (1 / 17))))))));
  return exponent * Math.LN2 + 2 * s * (1 + tail);
}
