import { describe, expect, test } from "vitest";
import { UsageError } from "../cli/usage-error.ts";
import { parseSweepFlags } from "./flags.ts";

describe("parseSweepFlags", () => {
  test("has defaults for everything", () => {
    expect(parseSweepFlags([])).toMatchObject({
      target: { scenario: "small", faults: "swarm", strategy: "pre-deduct" },
      seedFrom: 1n,
      seedCount: 1000,
      json: false,
    });
  });

  test("takes the first seed in every form a seed has", () => {
    expect(parseSweepFlags(["--from", "0xff"]).seedFrom).toBe(255n);
    const commit = "00000000000000ff000000000000000000000000";
    expect(parseSweepFlags(["--from", commit]).seedFrom).toBe(255n);
  });

  test.each([
    ["--seeds", "0"],
    ["--seeds", "1.5"],
    ["--seeds", "-3"],
    ["--jobs", "0"],
    ["--faults", "some"],
    ["--from", "18446744073709551615"],
    ["--from", "x"],
    ["--sedes", "3"],
    ["--json", "yes"],
  ])("refuses %s %s in one line", (...argv) => {
    expect(() => parseSweepFlags(argv)).toThrow(UsageError);
    expect(() => parseSweepFlags(argv)).toThrow(/^[^\n]+$/u);
  });
});
