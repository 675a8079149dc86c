import type { Scenario } from "../scenario/schema.ts";

/** Rows outlive every request that may still name them. */
export function retainMs(scenario: Scenario): number {
  const { rules, sale, buyers } = scenario;
  return Math.ceil(
    rules.requestLifetimeMs + sale.holdMs + sale.graceMs + buyers.timeoutMs + 3_600_000,
  );
}
