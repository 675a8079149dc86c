/**
 * SipHash-1-3 of one 32-bit word, truncated to 32 bits: what Linux calls `hsiphash` on a 64-bit
 * machine (`lib/siphash.c`). The 64-bit lanes are kept as pairs of 32-bit halves, because BigInt
 * would cost microseconds and an allocation per pick.
 */

/** Hash of `word` (four little-endian bytes) under two 64-bit key words that fit in 32 bits. */
export function siphash13(word: number, key0: number, key1: number): number {
  // "somepseudorandomlygeneratedbytes", xored with the key.
  let v0h = 0x736f6d65;
  let v0l = 0x70736575 ^ key0;
  let v1h = 0x646f7261;
  let v1l = 0x6e646f6d ^ key1;
  let v2h = 0x6c796765;
  let v2l = 0x6e657261 ^ key0;
  let v3h = 0x74656462;
  let v3l = 0x79746573 ^ key1;
  // The only block holds the four bytes and, in its top byte, their number.
  const blockHigh = 4 << 24;
  v3h ^= blockHigh;
  v3l ^= word;
  for (let round = 0; round < 4; round += 1) {
    if (round === 1) {
      // One round per block is done; the remaining three finish.
      v0h ^= blockHigh;
      v0l ^= word;
      v2l ^= 0xff;
    }
    let low = (v0l >>> 0) + (v1l >>> 0);
    v0h = (v0h + v1h + (low > 0xffffffff ? 1 : 0)) | 0;
    v0l = low | 0;
    let high = (v1h << 13) | (v1l >>> 19);
    v1l = ((v1l << 13) | (v1h >>> 19)) ^ v0l;
    v1h = high ^ v0h;
    high = v0h;
    v0h = v0l;
    v0l = high;

    low = (v2l >>> 0) + (v3l >>> 0);
    v2h = (v2h + v3h + (low > 0xffffffff ? 1 : 0)) | 0;
    v2l = low | 0;
    high = (v3h << 16) | (v3l >>> 16);
    v3l = ((v3l << 16) | (v3h >>> 16)) ^ v2l;
    v3h = high ^ v2h;

    low = (v0l >>> 0) + (v3l >>> 0);
    v0h = (v0h + v3h + (low > 0xffffffff ? 1 : 0)) | 0;
    v0l = low | 0;
    high = (v3h << 21) | (v3l >>> 11);
    v3l = ((v3l << 21) | (v3h >>> 11)) ^ v0l;
    v3h = high ^ v0h;

    low = (v2l >>> 0) + (v1l >>> 0);
    v2h = (v2h + v1h + (low > 0xffffffff ? 1 : 0)) | 0;
    v2l = low | 0;
    high = (v1h << 17) | (v1l >>> 15);
    v1l = ((v1l << 17) | (v1h >>> 15)) ^ v2l;
    v1h = high ^ v2h;
    high = v2h;
    v2h = v2l;
    v2l = high;
  }
  return (v0l ^ v1l ^ v2l ^ v3l) >>> 0;
}
