import { expect, test } from "vitest";
import { UsageError } from "../../sim/cli/usage-error.ts";
import { parseBenchFlags } from "./flags.ts";

test("the defaults are enough rounds to judge the gates", () => {
  expect(parseBenchFlags([])).toEqual({ rounds: 27, seconds: 1, json: false, help: false });
});

test("flags", () => {
  expect(parseBenchFlags(["--rounds", "7", "--seconds=3", "--json", "-h"])).toEqual({
    rounds: 7,
    seconds: 3,
    json: true,
    help: true,
  });
});

test.each([
  [["--rounds", "0"], '--rounds: expected a whole number from 1 to 1000, got "0"'],
  [["--rounds", "many"], '--rounds: expected a whole number from 1 to 1000, got "many"'],
  [["--seconds", "1.5"], '--seconds: expected a whole number from 1 to 600, got "1.5"'],
  [["--fast"], "Unknown option '--fast' (--help lists the flags)"],
  [["now"], "Unexpected argument 'now'"],
])("%j is a mistake", (argv, message) => {
  expect(() => parseBenchFlags(argv)).toThrow(UsageError);
  expect(() => parseBenchFlags(argv)).toThrow(message);
});
