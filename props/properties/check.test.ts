/** How a failure is found, told, kept and played again. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { article } from "../../core/strategies/article.ts";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import type { Strategy } from "../../core/strategy.ts";
import { PLANTED } from "./broken.ts";
import { FOUND_FILE, readCases, recordCase, writeCases } from "./case.ts";
import { check } from "./check.ts";
import type { CheckOptions, Failure } from "./check.ts";
import { PROPERTIES, propertyNamed } from "./properties.ts";
import { failureText } from "./report.ts";
import { fastCheckSeed } from "./seeds.ts";
import { Sightings } from "./states.ts";

const engine: Strategy = preDeduct;
const planted = PLANTED.find(({ what }) => what === "sells from the slice")!;
const property = propertyNamed(planted.property)!;
const options = (changed: Partial<CheckOptions> = {}): CheckOptions => ({
  seed: 7n,
  cases: 1000,
  path: null,
  found: [],
  failuresMax: 1,
  seen: new Sightings(),
  ...changed,
});

let failure: Failure;
let directory: string;
beforeAll(() => {
  [failure] = check(property, planted.strategy, options()).failures;
  directory = mkdtempSync(join(tmpdir(), "props-"));
}, 60_000);
afterAll(() => rmSync(directory, { recursive: true }));

test("fast-check's seed is derived from ours, another one for each property", () => {
  expect(fastCheckSeed(12306n, "interleavings")).toBe(577438803);
  expect(fastCheckSeed(2n ** 64n - 1n, "interleavings")).not.toBe(577438803);
  const seeds = PROPERTIES.map(({ name }) => fastCheckSeed(12306n, name));
  expect(new Set(seeds).size).toBe(PROPERTIES.length);
  for (const seed of seeds) expect(seed).toBe(seed | 0);
});

describe("a failure", () => {
  test("prints both seeds, the path, the shrunk story, and ends in the command", () => {
    const { seed, fastCheckSeed: derived, path } = failure.case;
    const text = failureText(failure, null, null);
    expect(text).toContain(`seed ${seed} (fast-check ${derived}), path ${path}`);
    expect(text).toContain(failure.story);
    expect(text.split("\n").at(-1)).toBe(
      `  npx tsx props/run.ts --only interleavings --seed 7 --path ${path}`,
    );
  });

  test("is shrunk: without any one of its operations nothing breaks", () => {
    const run = failure.case.value as { readonly operations: readonly unknown[] };
    expect(failure.shrinks).toBeGreaterThan(0);
    expect(run.operations.length).toBeLessThan(8);
    run.operations.forEach((_, i) => {
      const operations = run.operations.toSpliced(i, 1);
      expect(property.play({ ...run, operations }, planted.strategy)?.broken).not.toBe(
        failure.case.broken,
      );
    });
  });

  test("is the same again from its seed and path alone", () => {
    const { path } = failure.case;
    const again = check(property, planted.strategy, options({ path, cases: 1 }));
    expect(again.failures[0].case).toMatchObject({
      broken: failure.case.broken,
      value: failure.case.value,
    });
    expect(check(property, engine, options({ path, cases: 1 })).failures).toEqual([]);
  });
});

describe("found cases", () => {
  test("a planted bug is found, kept in a file, and from then on found by the first case", () => {
    const file = join(directory, "found.json");
    writeCases(file, []);
    recordCase(file, failure.case);
    recordCase(file, failure.case);
    const found = readCases(file);
    expect(found).toHaveLength(1);

    const again = check(property, planted.strategy, options({ found, seed: 99n }));
    expect(again).toMatchObject({ casesPlayed: 1, failures: [{ isFound: true }] });
    expect(again.failures[0].case).toEqual(failure.case);
    expect(check(property, engine, options({ found, cases: 0 }))).toMatchObject({
      casesPlayed: 1,
      failures: [],
    });
  });

  test("the committed ones come from planted bugs, and each still finds its own", () => {
    const found = readCases(FOUND_FILE);
    expect(found.length).toBeGreaterThanOrEqual(PLANTED.length);
    for (const { what, property: name, strategy } of PLANTED) {
      const own = found.filter((one) => one.strategy === what && one.property === name);
      const result = check(propertyNamed(name)!, strategy, options({ found: own, cases: 0 }));
      expect(result.casesPlayed, what).toBeGreaterThan(0);
      expect(result.failures.map((one) => one.case.broken)).toContain(own[0].broken);
    }
  });
});

test("a strategy that breaks several things gets a case for each", { timeout: 60_000 }, () => {
  const ebbAndFlow = propertyNamed("ebb-and-flow")!;
  const { failures } = check(ebbAndFlow, article, options({ cases: 20, failuresMax: Infinity }));
  const broken = failures.map((one) => one.case.broken);
  expect(new Set(broken).size).toBe(broken.length);
  expect(broken).toEqual(expect.arrayContaining(["no-oversell", "conservation"]));
});

test("a strategy that throws is broken, and the suite is not", () => {
  const throws = { ...engine, server: { ...engine.server, step: () => void JSON.parse("{") } };
  const [first] = check(property, throws, options()).failures;
  expect(first.case.detail).toMatch(/^the strategy threw in server\.step: /u);
});

test("a counter that answers too little is broken, and the suite is not", () => {
  const { counter } = engine;
  const short: Strategy = {
    ...engine,
    counter: {
      ...counter,
      apply: (state, call, timeMs) => ({ ...counter.apply(state, call, timeMs), results: [] }),
    },
  };
  const [first] = check(property, short, options()).failures;
  expect(first.case.detail).toContain("items with 0 results");
});
