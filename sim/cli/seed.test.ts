import { describe, expect, test } from "vitest";
import { drawSeed, parseSeed } from "./seed.ts";
import { UsageError } from "./usage-error.ts";

describe("parseSeed", () => {
  test.each([
    ["0", 0n],
    ["12306", 12306n],
    ["007", 7n],
    ["18446744073709551615", 2n ** 64n - 1n],
    ["0x3012", 0x3012n],
    ["0XFFFFFFFFFFFFFFFF", 2n ** 64n - 1n],
    ["0x0000000000000000000000000000000000000001", 1n],
    ["e2dd217a3b5c7d9e1f0a2b4c6d8e0f1a2b3c4d5e", 0xe2dd217a3b5c7d9en],
    ["E2DD217A3B5C7D9E1F0A2B4C6D8E0F1A2B3C4D5E", 0xe2dd217a3b5c7d9en],
    // Forty decimal digits are a commit hash, too: 2^64 has twenty.
    ["1234567890123456789012345678901234567890", 0x1234567890123456n],
  ])("%s", (text, seed) => {
    expect(parseSeed(text)).toBe(seed);
  });

  test.each([
    "",
    " ",
    "-1",
    "+1",
    "1.5",
    "1e3",
    "0x",
    "0b11",
    "1_000",
    "1,000",
    " 1",
    "seed",
    "e2dd217",
    "NaN",
    "18446744073709551616",
    "0x10000000000000000",
    "e2dd217a3b5c7d9e1f0a2b4c6d8e0f1a2b3c4d5",
    "g2dd217a3b5c7d9e1f0a2b4c6d8e0f1a2b3c4d5e",
  ])("refuses %j", (text) => {
    expect(() => parseSeed(text)).toThrow(UsageError);
    expect(() => parseSeed(text)).toThrow(/^--seed: expected /u);
  });
});

test("a drawn seed can be given back", () => {
  const seed = drawSeed();
  expect(parseSeed(seed.toString())).toBe(seed);
});
