import { describe, expect, test } from "vitest";
import { checkScenario, loadScenario } from "../scenario/load.ts";
import type { Scenario } from "../scenario/schema.ts";
import { applySettings } from "./settings.ts";
import { UsageError } from "./usage-error.ts";

const smoke = loadScenario("smoke", 1n);

function withSettings(...settings: string[]): Scenario {
  return checkScenario(applySettings(smoke, settings), "");
}

describe("--set", () => {
  test("changes a number, a word, a list, an entry of a list, a section", () => {
    expect(withSettings("buyers.count=17").buyers.count).toBe(17);
    expect(withSettings("quota.refill=off").quota.refill).toBe("off");
    expect(withSettings('sites=["north","south"]').sites).toEqual(["north", "south"]);
    expect(withSettings("sites.0=north").sites).toEqual(["north", smoke.sites[1]]);
    expect(withSettings('sale={"tickets":5}').sale.tickets).toBe(5);
    expect(withSettings("faults=[]").faults).toEqual([]);
    expect(withSettings("faults.0.count=3").faults[0].count).toBe(3);
    expect(withSettings("buyers.payAfterMs.least=10").buyers.payAfterMs).toMatchObject({
      least: 10,
    });
  });

  test("a name may look like a number", () => {
    expect(withSettings("name=12306").name).toBe("12306");
  });

  test("a later setting sees the earlier one", () => {
    const { servers } = withSettings("servers.count=4", "servers.weights=[1,2,3,4]");
    expect(servers.weights).toEqual([1, 2, 3, 4]);
  });

  test("leaves the original alone", () => {
    withSettings("buyers.count=17");
    expect(smoke.buyers.count).not.toBe(17);
  });

  test.each([
    ["buyers.count", "--set: expected path.to.field=value"],
    ["=5", "--set: expected path.to.field=value"],
    ["buyers.cuont=5", "--set buyers.cuont: unknown path; did you mean buyers.count?"],
    ["tickets=5", "--set tickets: unknown path; did you mean sale.tickets?"],
    ["tikets=5", "--set tikets: unknown path; did you mean sale.tickets?"],
    ["buyers.count.maximum=5", "unknown path; buyers.count has no keys below it"],
    ["__proto__.polluted=1", "--set __proto__.polluted: unknown path"],
    ["constructor=1", "--set constructor: unknown path"],
    ["sites.5=north", "--set sites.5: sites has 2 entries: give an index from 0 to 2"],
    ["buyers.count=-5", "buyers.count: expected a whole number from 1 to 1000000000, got -5"],
    ["buyers.count=1.5", "buyers.count: expected a whole number from 1 to 1000000000, got 1.5"],
    [
      "buyers.count=1e999",
      "buyers.count: expected a whole number from 1 to 1000000000, got Infinity",
    ],
    ["buyers.count=NaN", 'got "NaN"'],
    ['buyers.count="5"', 'buyers.count: expected a whole number from 1 to 1000000000, got "5"'],
    ["buyers.noShow=1.1", "buyers.noShow: expected a number from 0 to 1, got 1.1"],
    ["sale.holdMs=0", "sale.holdMs: expected a whole number from 1 to 864000000, got 0"],
    ["quota.refill=maybe", 'quota.refill: expected one of on-demand, off, got "maybe"'],
    ["nginx.zone=1", "nginx.zone: expected true or false, got 1"],
    [
      "buyers.payAfterMs=soon",
      "buyers.payAfterMs: expected a number from 0 to 864000000, or an object",
    ],
    ['buyers.payAfterMs={"least":5,"most":1}', "buyers.payAfterMs: least must not be above most"],
    ["servers=5", "servers: expected an object with count, buffer, weights"],
    ["servers.weights=[1,2]", "servers.weights: expected 8 weights, one for each server"],
    ['sites=["a","a"]', "sites.1: a is there twice"],
    ["buyers.quantities=[0,0]", "buyers.quantities: expected at least one weight above 0"],
    ["buyers.ratePerSecond=0.001", "buyers.ratePerSecond: 5000 buyers at 0.001 a second take"],
  ])("%s", (setting, message) => {
    expect(() => withSettings(setting)).toThrow(UsageError);
    expect(() => withSettings(setting)).toThrow(message);
  });
});
