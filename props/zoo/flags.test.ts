import { expect, test } from "vitest";
import { UsageError } from "../../sim/cli/usage-error.ts";
import { parseZooFlags } from "./flags.ts";

test("has defaults for everything", () => {
  expect(parseZooFlags([])).toMatchObject({ seeds: 1000, starts: 3, only: null, record: false });
});

test.each([
  ["--seeds", "0"],
  ["--starts", "1.5"],
  ["--jobs", "x"],
  ["--sedes", "3"],
  ["--json", "yes"],
])("refuses %s %s in one line", (...argv) => {
  expect(() => parseZooFlags(argv)).toThrow(UsageError);
  expect(() => parseZooFlags(argv)).toThrow(/^[^\n]+$/u);
});
