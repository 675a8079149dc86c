import { describe, expect, test } from "vitest";
import { FLAGS as SIMULATOR_FLAGS } from "../../sim/cli/flags.ts";
import { UsageError } from "../../sim/cli/usage-error.ts";
import { parseSoakFlags } from "../soak/flags.ts";
import { FLAGS, parseOptions } from "./options.ts";

describe("the flags of the run", () => {
  test("without any, the demo runs", () => {
    const { simulator, db, port, compare } = parseOptions([]);
    expect(simulator.scenario).toBe("demo");
    expect([db, port, compare]).toEqual(["auto", null, false]);
  });

  test("the last of two counts, but every --set", () => {
    const argv = ["--seed", "1", "--seed=0x2", "--set", "a=1", "--set=b=2"];
    const { simulator } = parseOptions(argv);
    expect(simulator.seed).toBe(2n);
    expect(simulator.settings).toEqual(["a=1", "b=2"]);
  });

  test.each([
    [["--sed", "1"], /unknown flag --sed; did you mean --seed\?/u],
    [["demo"], /unexpected argument "demo"/u],
    [["--seed"], /--seed: expected a value: --seed N/u],
    [["--json=yes"], /--json: takes no value/u],
    [["--port", "0"], /--port: expected a whole number from 1 to 65535, got "0"/u],
    [["--db", "oracle"], /--db: expected auto, postgres, pglite or postgres:/u],
    [["--faults", "swarm"], /--faults swarm: .*npm run soak/u],
    [["--redis", "127.0.0.1:6379"], /--redis: only with --server-only/u],
    [["--production"], /--production: only with --server-only/u],
    [["--server-only", "--redis", "here"], /--redis: expected host:port/u],
    [["--ab", "--compare"], /--ab and --compare: only one/u],
    [["--stat-log", "both"], /--stat-log: expected handle or result/u],
  ])("%j is a usage error", (argv, message) => {
    expect(() => parseOptions(argv)).toThrow(UsageError);
    expect(() => parseOptions(argv)).toThrow(message);
  });

  test("each flag of the simulator is here too, or says why it is not", () => {
    for (const name of Object.keys(SIMULATOR_FLAGS)) {
      if (Object.hasOwn(FLAGS, name)) continue;
      expect(() => parseOptions([`--${name}`])).toThrow(new RegExp(`--${name}: .*(sim|real)`, "u"));
    }
  });
});

describe("the flags of the soak", () => {
  test("defaults and values", () => {
    expect(parseSoakFlags([])).toMatchObject({ plans: 100, seed: 1n, minutes: null, json: false });
    expect(parseSoakFlags(["--plans", "3", "--seed", "0x10", "--minutes", "2"])).toMatchObject({
      plans: 3,
      seed: 16n,
      minutes: 2,
    });
  });

  test.each([
    ["--plans", "0"],
    ["--minutes", "x"],
    ["--seed", "-1"],
  ])("%s %s is an error", (...argv) => {
    expect(() => parseSoakFlags(argv)).toThrow(UsageError);
  });
});
