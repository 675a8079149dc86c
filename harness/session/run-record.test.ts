import { expect, test } from "vitest";
import { orderFirst } from "../../core/strategies/order-first.ts";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import type { Strategy } from "../../core/strategy.ts";
import { NO_FAULTS } from "../../sim/faults/vocabulary.ts";
import { loadScenario } from "../../sim/scenario/load.ts";
import { runRecord } from "./run-record.ts";

const demo = loadScenario("demo", 1n);

function recordOf(latePayment: "lazy" | "strict" | "revive", strategy: Strategy = preDeduct) {
  const scenario = { ...demo, sale: { ...demo.sale, graceMs: 700, latePayment } };
  const config = { seed: 7n, scenario, strategy: strategy.name, plan: NO_FAULTS };
  return runRecord(config, strategy, 5000);
}

test.each(["lazy", "strict", "revive"] as const)("a sweep is judged by its grace: %s", (late) => {
  expect(recordOf(late)).toMatchObject({ graceMs: 700, latePayment: late });
});

test("who tells the course of the stock is the strategy's business", () => {
  expect(recordOf("lazy")).toMatchObject({ authority: "counter", source: "outbox" });
  expect(recordOf("lazy", orderFirst)).toMatchObject({ authority: "database", source: "stock" });
});
