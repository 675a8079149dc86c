import { expect, test } from "vitest";
import { applySettings } from "../../sim/cli/settings.ts";
import { checkScenario, loadScenario } from "../../sim/scenario/load.ts";
import { weightsOf } from "../../sim/scenario/slices.ts";
import { expectedSplit, judgeSplit } from "./split.ts";
import type { ExpectedSplit } from "./split.ts";

function expected(name: string, ...settings: string[]): ExpectedSplit {
  const scenario = checkScenario(applySettings(loadScenario(name, 1n), settings), "");
  return expectedSplit(scenario, weightsOf(scenario));
}

test("the demo's weights split a thousand requests into 100, 200, 300 and 400", () => {
  expect(expected("demo")).toEqual({
    isAsked: [true, true, true, true],
    requests: [100, 200, 300, 400],
    whyInexact: null,
  });
  const even = expected("demo", "servers.weights=[1,1,1,1]");
  expect(even.requests).toEqual([250, 250, 250, 250]);
  const shared = expected("demo", "nginx.workers=2", "nginx.zone=true");
  expect(shared.requests).toEqual([100, 200, 300, 400]);
});

test("of several sites only the first is asked, whatever weights the others have", () => {
  expect(expected("smoke")).toEqual({
    isAsked: [true, true, true, true, false, false, false, false],
    requests: [250, 250, 250, 250, 0, 0, 0, 0],
    whyInexact: null,
  });
  const weighted = expected("smoke", "servers.weights=[1,2,3,4,9,9,9,9]", "nginx.backupSites=true");
  expect(weighted.requests).toEqual([100, 200, 300, 400, 0, 0, 0, 0]);
  const random = expected("smoke", "nginx.method=random");
  expect(random.isAsked).toEqual([true, true, true, true, false, false, false, false]);
});

test.each([
  ["nginx.method=random", /method does not go by weights alone/u],
  ["nginx.workers=2", /worker counts rounds of its own/u],
  ["nginx.max_conns=9", /max_conns/u],
  ['nginx.servers=[{"server":0,"down":true}]', /nginx\.servers/u],
  ["servers.weights=[1,1,1,4]", /no whole rounds/u],
])("nothing exact is expected with %s", (setting, why) => {
  expect(expected("demo", setting)).toMatchObject({
    requests: null,
    whyInexact: expect.stringMatching(why) as string,
  });
});

test.each<[number[], boolean]>([
  [[500, 500, 0], true],
  [[501, 499, 0], false],
  [[500, 499, 1], false],
  [[500, 499, 0], false],
])("%j of 500, 500 and none is judged %s", (counts, ok) => {
  const expectedOfThree = {
    isAsked: [true, true, false],
    requests: [500, 500, 0],
    whyInexact: null,
  };
  expect(judgeSplit([3001, 3002, 3003], counts, expectedOfThree)).toEqual({
    requests: 1000,
    perServer: [
      { port: 3001, requests: counts[0], isAsked: true },
      { port: 3002, requests: counts[1], isAsked: true },
      { port: 3003, requests: counts[2], isAsked: false },
    ],
    expected: [500, 500, 0],
    whyInexact: null,
    ok,
  });
});

test("where nothing exact is expected, nothing is judged", () => {
  const random = { isAsked: [true], requests: null, whyInexact: "this method is random" };
  expect(judgeSplit([3001], [999], random)).toMatchObject({ ok: true, expected: null });
});
