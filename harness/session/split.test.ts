import { expect, test } from "vitest";
import { applySettings } from "../../sim/cli/settings.ts";
import { checkScenario, loadScenario } from "../../sim/scenario/load.ts";
import { expectedSplit } from "./split.ts";

function expected(...settings: string[]): number[] | null {
  const scenario = checkScenario(applySettings(loadScenario("demo", 1n), settings), "");
  return expectedSplit(scenario, scenario.servers.weights ?? []);
}

test("the demo's weights split a thousand requests into 100, 200, 300 and 400", () => {
  expect(expected()).toEqual([100, 200, 300, 400]);
  expect(expected("servers.weights=[1,1,1,1]")).toEqual([250, 250, 250, 250]);
  expect(expected("nginx.workers=2", "nginx.zone=true")).toEqual([100, 200, 300, 400]);
});

test.each([
  ["another method", "nginx.method=random"],
  ["workers that count apart", "nginx.workers=2"],
  ["a server left out", 'nginx.servers=[{"server":0,"down":true}]'],
  ["rounds that do not come out even", "servers.weights=[1,1,1,4]"],
])("nothing is expected of %s", (_, setting) => {
  expect(expected(setting)).toBe(null);
});
