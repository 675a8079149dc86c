import { expect, test } from "vitest";
import { UsageError } from "../../sim/cli/usage-error.ts";
import { FOUND_FILE } from "./case.ts";
import { parsePropsFlags } from "./flags.ts";
import { PROPERTIES } from "./properties.ts";

test("without flags: the engine, all properties, their own numbers of cases", () => {
  expect(parsePropsFlags([])).toEqual({
    strategy: "pre-deduct",
    properties: PROPERTIES,
    isPart: false,
    runs: null,
    seed: 12306n,
    path: null,
    repro: null,
    out: ".",
    found: FOUND_FILE,
    record: false,
    json: false,
  });
});

test("--help asks for nothing else", () => {
  expect(parsePropsFlags(["--help"])).toBe(null);
});

test("what was chosen, in the order of the list", () => {
  const options = parsePropsFlags(["--only", "sales, buffer", "--runs", "0", "--seed", "0x10"])!;
  expect(options.properties.map(({ name }) => name)).toEqual(["buffer", "sales"]);
  expect(options).toMatchObject({ isPart: true, runs: 0, seed: 16n });
  expect(parsePropsFlags(["--only", "sales", "--path", "3:0"])).toMatchObject({ path: "3:0" });
});

test.each([
  [["--runs", "many"], '--runs: expected a whole number from 0 to 1000000, got "many"'],
  [["--runs", "1000001"], "--runs: expected"],
  [["--only", "sale"], '--only: there is no property "sale"; there are interleavings, '],
  [["--path", "1:2"], "--path: a path is one of one property's"],
  [["--only", "sales,buffer", "--path", "1"], "--path: a path is one of one property's"],
  [["--only", "sales", "--path", "x"], "--path: expected numbers, as 17:0:3"],
  [["--seed", "-1"], "--seed"],
  [["--repro", "x.json", "--runs", "3"], "--repro: the file says which case"],
  [["--repro", "x.json", "--only", "sales"], "--repro: the file says which case"],
  [["extra"], "extra"],
  [["--sed", "1"], "--sed"],
])("refuses %j", (args, message) => {
  expect(() => parsePropsFlags(args)).toThrow(UsageError);
  expect(() => parsePropsFlags(args)).toThrow(message);
});
