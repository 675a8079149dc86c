import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UsageError } from "../cli/usage-error.ts";
import { builtinNames } from "./builtin.ts";
import { loadScenario, scenarioNames } from "./load.ts";

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "scenario-"));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

function fileWith(text: string): string {
  const file = join(directory, "scenario.json");
  writeFileSync(file, text);
  return file;
}

describe("loadScenario", () => {
  test.each(builtinNames())(
    "the built-in scenario %s is right, and named like its file",
    (name) => {
      expect(loadScenario(name, 1n).name).toBe(name);
    },
  );

  test("a file says only what is special about it", () => {
    const scenario = loadScenario(fileWith('{"sale":{"tickets":3}}'), 1n);
    expect(scenario.sale.tickets).toBe(3);
    expect(scenario.servers.count).toBe(100);
  });

  test("a scenario can be drawn from the seed", () => {
    expect(scenarioNames()).toContain("small");
    expect(loadScenario("small", 1n)).toEqual(loadScenario("small", 1n));
    expect(loadScenario("small", 1n)).not.toEqual(loadScenario("small", 2n));
  });

  test.each([
    ["1236", 'there is no scenario "1236"; did you mean 12306?'],
    ["xyzzy", 'there is no scenario "xyzzy"; built in: 12306, '],
    ["./nowhere.json", "./nowhere.json: cannot be read: no such file or directory"],
    [tmpdir(), "cannot be read: it is a directory"],
  ])("%s", (name, message) => {
    expect(() => loadScenario(name, 1n)).toThrow(UsageError);
    expect(() => loadScenario(name, 1n)).toThrow(message);
  });

  test.each([
    ["", "expected JSON, got nothing"],
    ['{"sale":', "not JSON: "],
    ["[]", "expected an object with name, description, sale"],
    ['{"sale":[]}', "sale: expected an object with tickets"],
    ['{"schemaVersion":1,"episodes":[]}', "this is a fault plan; give it with --faults"],
    ['{"invariant":"latch","scenario":{}}', "this is a repro file; give it with --repro"],
    ["null", "expected an object with name, description, sale"],
    ['{"sale":{"tikets":3}}', "sale.tikets: unknown key; did you mean sale.tickets?"],
    ['{"faults":[{"kind":"server-crsh"}]}', 'got "server-crsh"; did you mean "server-crash"?'],
    ['{"tickets":3}', "tickets: unknown key; did you mean sale.tickets?"],
    ['{"sale":{"xyzzy":3}}', "sale.xyzzy: unknown key; known in sale: tickets, holdMs, graceMs"],
    ['{"sale":null}', "sale: expected an object with tickets"],
    ['{"faults":[{"kind":"server-crash"}]}', "faults.0.atMs: missing; expected a number from 0"],
    [
      '{"faults":[{"kind":"server-crsh","atMs":1}]}',
      "faults.0.kind: expected one of server-crash, ",
    ],
    [
      '{"sale":{"tickets":0},"buyers":{"count":0}}',
      "sale.tickets: expected a whole number from 1 to 10000000, got 0 (and 1 more)",
    ],
    [
      '{"nginx":{"method":"ip_hash","backupSites":true}}',
      'nginx.backupSites: nginx has no backup servers with method "ip_hash"',
    ],
    ['{"servers":{"count":5000}}', "servers.count: nginx would have 2500 servers in its upstream"],
    [
      '{"servers":{"serviceLaw":"normal"}}',
      "servers.serviceLaw: expected one of constant, exponential, or an object with squared",
    ],
    [
      '{"redis":{"callLaw":{"squaredVariation":0.5}}}',
      "redis.callLaw.squaredVariation: expected a number from 1 to 100, got 0.5",
    ],
    [
      '{"nginx":{"serviceLaw":{"quantiles":[3,2]}}}',
      "nginx.serviceLaw.quantiles: quantiles must not descend, and the last must be above 0",
    ],
  ])("a file with %s", (text, message) => {
    const file = fileWith(text);
    expect(() => loadScenario(file, 1n)).toThrow(UsageError);
    expect(() => loadScenario(file, 1n)).toThrow(message);
  });
});
