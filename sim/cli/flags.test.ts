import { describe, expect, test } from "vitest";
import { parseFlags, SHRINK_RUNS_DEFAULT } from "./flags.ts";
import { UsageError } from "./usage-error.ts";

describe("parseFlags", () => {
  test("without arguments everything is left to its default", () => {
    expect(parseFlags([])).toEqual({
      seed: null,
      scenario: null,
      strategy: null,
      faults: null,
      settings: [],
      json: false,
      trace: null,
      out: null,
      printConfig: false,
      printSchema: null,
      repro: null,
      checkDeterminism: false,
      shrinkRuns: SHRINK_RUNS_DEFAULT,
      help: false,
      version: false,
    });
  });

  test("the last of a repeated flag counts, and every --set", () => {
    const options = parseFlags(["--seed", "1", "--set", "a=1", "--seed=2", "--set=b=2"]);
    expect(options.seed).toBe(2n);
    expect(options.settings).toEqual(["a=1", "b=2"]);
  });

  test("a lone dash is a value: standard input", () => {
    expect(parseFlags(["--scenario", "-"]).scenario).toBe("-");
  });

  test.each([
    [["--sede", "1"], "unknown flag --sede; did you mean --seed?"],
    [["--verbose"], "unknown flag --verbose; --help lists them all"],
    [["-x"], "unknown flag -x; --help lists them all"],
    [["smoke"], 'unexpected argument "smoke"'],
    [["--seed"], "--seed: expected a value: --seed N"],
    [["--seed", "--json"], "--seed: expected a value: --seed N"],
    [["--seed", "-5"], "--seed: expected a whole number"],
    [["--seed="], '--seed: expected N, got ""'],
    [["--json=yes"], '--json: takes no value, got "yes"'],
    [
      ["--print-schema", "plan"],
      '--print-schema: expected one of scenario, faults, repro, got "plan"',
    ],
    [["--shrink-runs", "1.5"], "--shrink-runs: expected a whole number from 0 to 100000"],
    [["--repro", "a.json", "--seed", "1"], "--seed: a repro file is replayed as it is"],
    [["--repro", "a.json", "--set", "a=1"], "--set: a repro file is replayed as it is"],
  ])("%j", (argv, message) => {
    expect(() => parseFlags(argv)).toThrow(UsageError);
    expect(() => parseFlags(argv)).toThrow(message);
  });
});
