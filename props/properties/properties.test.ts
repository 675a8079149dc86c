/**
 * The properties on the engine: they hold, they reach the states that they claim to reach, and
 * they notice what is broken on purpose.
 *
 * ONCEONLY_SEED draws other cases than the pinned ones.
 */
import { describe, expect, test } from "vitest";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import type { Strategy } from "../../core/strategy.ts";
import { parseSeed } from "../../sim/cli/seed.ts";
import { PLANTED } from "./broken.ts";
import { FOUND_FILE, readCases } from "./case.ts";
import { check } from "./check.ts";
import type { Checked } from "./check.ts";
import { SEED_DEFAULT } from "./flags.ts";
import { PROPERTIES, propertyNamed } from "./properties.ts";
import type { Property } from "./property.ts";
import { failureText } from "./report.ts";
import { Sightings, STATE_NAMES } from "./states.ts";
import type { StateName } from "./states.ts";

const given = process.env["ONCEONLY_SEED"];
const SEED = given === undefined ? SEED_DEFAULT : parseSeed(given, "ONCEONLY_SEED");
/** A machine may be busy with other things. */
const OPTIONS = { timeout: 60_000 };
const engine: Strategy = preDeduct;

const seen = new Sightings();
const checked = new Map<Property, Checked>();

/** Once, whichever tests run. */
function checkEngine(property: Property): Checked {
  const found = readCases(FOUND_FILE);
  const before = checked.get(property);
  const result =
    before ??
    check(property, engine, {
      seed: SEED,
      cases: property.cases,
      path: null,
      found,
      failuresMax: Infinity,
      seen,
    });
  checked.set(property, result);
  return result;
}

test.each(PROPERTIES)("$name: $promise", OPTIONS, (property) => {
  const { failures } = checkEngine(property);
  if (failures.length > 0)
    throw new Error(failures.map((failure) => failureText(failure, null, null)).join("\n\n"));
});

test("every state is reached that the properties claim to reach", OPTIONS, () => {
  PROPERTIES.forEach(checkEngine);
  expect(seen.missing()).toEqual([]);
});

/** The property without the operations of some kinds. */
function without(kinds: readonly string[], { arbitrary, ...property }: Property): Property {
  interface Operations {
    readonly operations: readonly { readonly do: string }[];
  }
  const fewer = arbitrary.map((value) => {
    const run = value as Operations;
    return { ...run, operations: run.operations.filter((one) => !kinds.includes(one.do)) };
  });
  return { ...property, arbitrary: fewer };
}

describe("a state that nothing leads to any more is missed", () => {
  const LEADS: readonly (readonly [string, readonly string[], readonly StateName[]])[] = [
    ["interleavings", ["duplicate"], ["call delivered twice"]],
    ["interleavings", ["pause"], ["reply read too late"]],
    ["interleavings", ["record"], ["worker dies before it acknowledges"]],
    ["sizes", ["refuse"], ["definite error"]],
    ["sizes", ["drain"], ["draining refuses", "draining finishes"]],
    ["sizes", ["crash", "drain"], ["crash between call and reply"]],
    ["payments", ["refund"], ["refund", "payment after refund"]],
    ["payments", ["pay for another"], ["payment for two"]],
    ["payments", ["pay at the deadline"], ["payment at the deadline"]],
    ["sizes", ["resize"], ["sale grows when sold out", "sale may not shrink", "sale shrinks"]],
  ];

  test.each(LEADS)("%s without %j", OPTIONS, (name, kinds, states) => {
    const property = propertyNamed(name)!;
    const options = { seed: SEED, cases: 60, path: null, found: [], failuresMax: 1 };
    const [all, fewer] = [new Sightings(), new Sightings()];
    check(property, engine, { ...options, seen: all });
    check(without(kinds, property), engine, { ...options, seen: fewer });
    expect(all.missing()).not.toEqual(expect.arrayContaining([...states]));
    expect(fewer.missing()).toEqual(expect.arrayContaining([...states]));
    expect(fewer.missing().length).toBeLessThan(STATE_NAMES.length);
  });
});

describe("what is broken on purpose is noticed", () => {
  test.each(PLANTED)("$property: $what", OPTIONS, ({ property, strategy, breaks }) => {
    const options = { seed: SEED, cases: 1000, path: null, found: [], failuresMax: 1 };
    const seen = new Sightings();
    const { failures } = check(propertyNamed(property)!, strategy, { ...options, seen });
    expect(breaks).toContain(failures[0]?.case.broken);
  });
});
