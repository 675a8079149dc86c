/** Seeds: 64 bits, written as a number or taken from a commit. */
import { randomBytes } from "node:crypto";
import { UsageError } from "./usage-error.ts";

const SEED_BITS = 64;

/**
 * Reads a seed: decimal, 0x hex, or exactly 40 hex digits, which are a commit hash of which the
 * first 16 count. Forty decimal digits are a commit hash too: as a number they would not fit.
 * @throws UsageError for anything else, and for numbers of more than 64 bits.
 */
export function parseSeed(text: string, where = "--seed"): bigint {
  if (/^[0-9a-f]{40}$/iu.test(text)) return BigInt(`0x${text.slice(0, 16)}`);
  if (!/^(?:[0-9]+|0x[0-9a-f]+)$/iu.test(text))
    throw new UsageError(
      `${where}: expected a whole number (decimal or 0x hex) or a commit hash of 40 hex digits, ` +
        `got ${JSON.stringify(text)}`,
    );
  const seed = BigInt(text);
  if (seed !== BigInt.asUintN(SEED_BITS, seed))
    throw new UsageError(
      `${where}: expected at most ${SEED_BITS} bits (2^64 - 1 = 18446744073709551615), got ${text}`,
    );
  return seed;
}

/** A seed nobody chose, for a run without `--seed`. It is printed, so the run can be repeated. */
export function drawSeed(): bigint {
  return randomBytes(SEED_BITS / 8).readBigUInt64BE();
}
