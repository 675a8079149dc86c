import { describe, expect, test } from "vitest";
import { UsageError } from "../../sim/cli/usage-error.ts";
import { HELP, parseCalibrateFlags } from "./flags.ts";

describe("the flags of a calibration", () => {
  test("have defaults", () => {
    expect(parseCalibrateFlags([])).toEqual({
      out: "reports/calibration.json",
      seed: 1n,
      spinUs: 5000,
      quick: false,
      replace: false,
      json: false,
      help: false,
    });
  });

  test("are all read", () => {
    const argv = [
      "--out",
      "c.json",
      "--seed",
      "0x10",
      "--spin-us",
      "0",
      "--quick",
      "--replace",
      "--json",
    ];
    expect(parseCalibrateFlags(argv)).toEqual({
      out: "c.json",
      seed: 16n,
      spinUs: 0,
      quick: true,
      replace: true,
      json: true,
      help: false,
    });
  });

  test("a rough result replaces no committed one", () => {
    expect(parseCalibrateFlags(["--quick"]).out).toBeNull();
  });

  test.each([
    [["--sead", "3"], "unknown flag --sead; did you mean --seed?"],
    [["--spin-us", "-1"], "--spin-us: expected a whole number from 0"],
    [["--spin-us", "20001"], "--spin-us: expected a whole number from 0 to 20000"],
    [["--seed", "x"], "--seed: expected a whole number"],
    [["--out"], "--out: expected a value: --out FILE"],
    [["stray"], 'unexpected argument "stray"'],
  ])("%j is refused in one line", (argv, message) => {
    expect(() => parseCalibrateFlags(argv)).toThrow(UsageError);
    expect(() => parseCalibrateFlags(argv)).toThrow(message);
    expect(() => parseCalibrateFlags(argv)).toThrow(/^[^\n]+$/u);
  });

  test("the help names each of them", () => {
    for (const flag of [
      "--out FILE",
      "--seed N",
      "--spin-us N",
      "--quick",
      "--replace",
      "--json",
      "--help",
    ])
      expect(HELP).toContain(flag);
  });
});
