import { expect, test } from "vitest";
import { checkPlan } from "../../sim/faults/plan.ts";
import { buildTopology } from "../../sim/world/topology.ts";
import { checkIsReal, REAL_FAULT_KINDS } from "../nemesis/real-faults.ts";
import { checkFitsOneMachine } from "../session/limits.ts";
import { drawSoakRun } from "./draw.ts";

const RUNS = Array.from({ length: 80 }, (_, i) => drawSoakRun(BigInt(i + 1), "pre-deduct"));

test("every drawn run is one that real parts can play", () => {
  for (const { scenario, plan } of RUNS) {
    checkPlan(plan, scenario);
    checkIsReal(plan);
    checkFitsOneMachine(scenario, buildTopology(scenario));
    expect(scenario.buyers.count / scenario.buyers.ratePerSecond).toBeLessThan(5);
  }
});

test("all kinds of faults are drawn, and hardly a plan is empty", () => {
  const plans = RUNS.map(({ plan }) => plan.episodes);
  const kinds = new Set(plans.flatMap((episodes) => episodes.map(({ kind }) => kind)));
  expect(REAL_FAULT_KINDS.filter((kind) => !kinds.has(kind))).toEqual([]);
  expect(plans.filter((episodes) => episodes.length === 0).length).toBeLessThan(4);
});

test("the same seed draws the same run, another seed another", () => {
  expect(drawSoakRun(7n, "pre-deduct")).toEqual(drawSoakRun(7n, "pre-deduct"));
  expect(drawSoakRun(7n, "pre-deduct").plan).not.toEqual(drawSoakRun(8n, "pre-deduct").plan);
});
