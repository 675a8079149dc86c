import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { ScenarioSchema } from "../scenario/schema.ts";
import type { Scenario } from "../scenario/schema.ts";
import { drawPlan } from "./draw.ts";
import { checkPlan } from "./plan.ts";

const scenarioWith = (faults: v.InferInput<typeof ScenarioSchema>["faults"]): Scenario =>
  v.parse(ScenarioSchema, { servers: { count: 10 }, faults });

const deaths = { kind: "server-crash", count: 4, atMs: { least: 1000, most: 9000 } } as const;
const stall = { kind: "redis-stall", atMs: 500, forMs: { least: 10, most: 20 } } as const;

describe("drawPlan", () => {
  test("makes every range a number within it", () => {
    const { episodes } = drawPlan(scenarioWith([deaths, stall]), 7n);
    expect(episodes).toHaveLength(5);
    expect(episodes[0]).toMatchObject({ kind: "redis-stall", atMs: 500 });
    expect(episodes[0].forMs).toBeGreaterThanOrEqual(10);
    expect(episodes[0].forMs).toBeLessThanOrEqual(20);
    for (const { atMs } of episodes.slice(1)) {
      expect(atMs).toBeGreaterThanOrEqual(1000);
      expect(atMs).toBeLessThanOrEqual(9000);
    }
  });

  test("hits no target twice within a template, and all of them if it asks for more", () => {
    for (let seed = 0n; seed < 50n; seed += 1n) {
      const scenario = scenarioWith([{ ...deaths, count: 99 }]);
      const plan = drawPlan(scenario, seed);
      expect(new Set(plan.episodes.map(({ target }) => target)).size).toBe(10);
      expect(plan.episodes).toHaveLength(10);
      checkPlan(plan, scenario);
    }
  });

  test("draws the same for a seed, and otherwise for another", () => {
    const scenario = scenarioWith([deaths]);
    expect(drawPlan(scenario, 1n)).toEqual(drawPlan(scenario, 1n));
    expect(drawPlan(scenario, 1n)).not.toEqual(drawPlan(scenario, 2n));
  });

  test("keeps an episode where it was when there are more of them", () => {
    const few = drawPlan(scenarioWith([deaths]), 3n).episodes;
    const more = drawPlan(scenarioWith([{ ...deaths, count: 6 }, stall]), 3n).episodes;
    for (const episode of few) expect(more).toContainEqual(episode);
  });

  test("pins what a seed draws", () => {
    expect(drawPlan(scenarioWith([deaths]), 12306n).episodes).toMatchInlineSnapshot(`
      [
        {
          "atMs": 1710.699,
          "kind": "server-crash",
          "target": 4,
        },
        {
          "atMs": 3112.434,
          "kind": "server-crash",
          "target": 0,
        },
        {
          "atMs": 3447.159,
          "kind": "server-crash",
          "target": 8,
        },
        {
          "atMs": 8321.293,
          "kind": "server-crash",
          "target": 5,
        },
      ]
    `);
  });

  test("names a target that is not there", () => {
    expect(() => drawPlan(scenarioWith([{ ...deaths, target: 10 }]), 1n)).toThrow(
      "faults.0.target: there is no server 10: give 0 to 9",
    );
  });
});
