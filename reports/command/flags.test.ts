import { describe, expect, test } from "vitest";
import { UsageError } from "../../sim/cli/usage-error.ts";
import { parseReportFlags } from "./flags.ts";

describe("the flags of a report", () => {
  test("have defaults", () => {
    expect(parseReportFlags([])).toMatchObject({
      scenario: "12306",
      seed: 1n,
      out: "capacity-report",
      quick: false,
      runsMax: null,
    });
  });

  test("are all read", () => {
    const argv = ["--scenario", "smoke", "--set", "a=1", "--set", "b=2", "--seed", "0xff"];
    expect(
      parseReportFlags([...argv, "--out", "d", "--quick", "--max-runs", "30", "--jobs", "3"]),
    ).toMatchObject({
      scenario: "smoke",
      settings: ["a=1", "b=2"],
      seed: 255n,
      out: "d",
      quick: true,
      runsMax: 30,
      jobs: 3,
    });
  });

  test("the calibration can be left out", () => {
    expect(parseReportFlags(["--calibration", "none"]).calibration).toBeNull();
    expect(parseReportFlags(["--calibration", "c.json"]).calibration).toBe("c.json");
  });

  test.each([
    [["--sead", "3"], "did you mean --seed?"],
    [["--max-runs", "1"], "--max-runs: expected a whole number from 2"],
    [["--jobs", "0"], "--jobs: expected a whole number from 1"],
    [["--seed", "x"], "--seed: expected a whole number"],
    [["--out", ""], '--out: expected a value, got ""'],
    [["--scenario", "small"], "--scenario small: every sale of a report"],
    [["stray"], "Unexpected argument 'stray'"],
  ])("%j is refused in one line", (argv, message) => {
    expect(() => parseReportFlags(argv)).toThrow(UsageError);
    expect(() => parseReportFlags(argv)).toThrow(message);
    expect(() => parseReportFlags(argv)).toThrow(/^[^\n]+$/u);
  });
});
