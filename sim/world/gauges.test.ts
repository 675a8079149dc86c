import { expect, test } from "vitest";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import { drawPlan } from "../faults/draw.ts";
import { checkScenario } from "../scenario/load.ts";
import { Simulation } from "../simulation.ts";

const SEED = 3n;
const TICKETS = 200;
const ITEM_US = 1000;

test("tickets count as taken when the pass that takes them ends, not when it begins", () => {
  const scenario = checkScenario(
    {
      sale: { tickets: TICKETS },
      buyers: { count: 300, ratePerSecond: 1e6 },
      servers: { count: 4 },
      redis: { itemUs: ITEM_US },
    },
    "",
  );
  const plan = drawPlan(scenario, SEED);
  const simulation = new Simulation(
    { seed: SEED, scenario, strategy: "pre-deduct", plan },
    preDeduct,
  );
  let fullMs: number | null = null;
  let soldOutMs: number | null = null;
  for (let event = 0; event < 100_000 && fullMs === null && !simulation.advance(1); event += 1) {
    const gauges = simulation.gauges();
    if (gauges.ticketsTaken >= TICKETS) fullMs = gauges.nowMs;
    ({ soldOutMs } = gauges);
  }
  expect(fullMs).toBeGreaterThan((TICKETS * ITEM_US) / 1000);
  expect(soldOutMs).toBe(fullMs);
});
