/** What the simulator says of a load. */
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import { NO_FAULTS } from "../../sim/faults/vocabulary.ts";
import type { Scenario } from "../../sim/scenario/schema.ts";
import { Simulation } from "../../sim/simulation.ts";
import { arrivalsMs } from "./arrivals.ts";
import { hasP99 } from "./measures.ts";
import type { Measures } from "./measures.ts";

/** Simulates until the last buyer has his answer: what comes after that is no part of the load. */
export function predict(scenario: Scenario, seed: bigint): Measures {
  const { name: strategy } = preDeduct;
  const { count, ratePerSecond } = scenario.buyers;
  const simulation = new Simulation({ seed, scenario, strategy, plan: NO_FAULTS }, preDeduct);
  const latencies = simulation.latencies();
  const answers = Object.values(latencies);
  while (answers.reduce((sum, answer) => sum + answer.count, 0) < count)
    if (simulation.advance(1)) throw new Error("the sale ended before everybody was answered");
  const [firstMs] = arrivalsMs(1, ratePerSecond, seed);
  const lengthMs = simulation.progress().virtualMs - firstMs;
  // The one who gets the ticket waits for Redis, as nobody does whom he is compared with.
  const refused = latencies.SOLDOUT;
  const { servers } = simulation.result(true).stations;
  const busyUs = servers.arrivals * (servers.sojournMeanUs - servers.waitMeanUs);
  return {
    meanMs: refused.sumUs / refused.count / 1000,
    p50Ms: refused.interpolatedUs(0.5) / 1000,
    p99Ms: hasP99(count) ? refused.interpolatedUs(0.99) / 1000 : null,
    throughputPerSecond: (count / lengthMs) * 1000,
    utilisation: busyUs / 1000 / lengthMs,
  };
}
