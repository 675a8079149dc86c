/**
 * Rehearsals before a big run: the same sale under the same faults with a few hundred buyers, first
 * spread over its whole time, then in a rush.
 *
 * They are there for the compiler. In a big sale code has run a hundred thousand times before the
 * first payment, expiry or broken connection comes by; V8 has optimised it for a world without
 * them by then, throws that away and compiles again, more than a hundred times in a run. After the
 * rehearsals it has seen them all, and the run costs a good tenth less. Its outcome is the same.
 */
import type { Strategy } from "../../core/strategy.ts";
import { Randomness } from "../kernel/random.ts";
import type { RunConfig } from "../result.ts";
import type { Scenario } from "../scenario/schema.ts";
import { Simulation } from "../simulation.ts";

/** A smaller run is over before a rehearsal would pay. */
const WORTH_IT_FROM_BUYERS = 20_000;
const BUYERS = 300;
const TICKETS_MAX = 60;
/** Holds run out, and buyers come back, so soon. */
const HOLD_MS_MAX = 2000;

/** New code is slow, and a turn must be well below the 30 ms after which tsx takes us for dead. */
const EVENTS_PER_TURN = 128;
/** A usual rehearsal takes a tenth of this; whatever a strategy does, it ends. */
const TURNS_MAX = 400;

/** Rehearses if the run is big enough for it to pay. */
export async function rehearse(
  config: RunConfig,
  strategy: Strategy,
  yieldControl: () => Promise<void>,
): Promise<void> {
  const { count, ratePerSecond } = config.scenario.buyers;
  if (count < WORTH_IT_FROM_BUYERS) return;
  // Draws for late buyers have ids of more than 32 bits, which no small sale has.
  new Randomness(config.seed).stream("rehearsal").bits(Number.MAX_SAFE_INTEGER);
  // Over the same time as all the others would come, so that they meet every fault.
  const spread = madeSmall(config.scenario, (ratePerSecond * BUYERS) / count);
  // As dense as the sale itself: queues and batches form, pools grow.
  const rush = madeSmall(config.scenario, ratePerSecond);
  for (const scenario of [spread, rush]) {
    const rehearsal = new Simulation({ ...config, scenario }, strategy);
    for (let turn = 0; turn < TURNS_MAX; turn += 1) {
      // oxlint-disable-next-line no-await-in-loop -- the turns are one run, one after the other
      await yieldControl();
      if (rehearsal.advance(EVENTS_PER_TURN)) break;
    }
  }
}

function madeSmall(scenario: Scenario, ratePerSecond: number): Scenario {
  const { sale, buyers } = scenario;
  const holdMs = Math.min(sale.holdMs, HOLD_MS_MAX);
  return {
    ...scenario,
    sale: { ...sale, tickets: Math.min(sale.tickets, TICKETS_MAX), holdMs },
    buyers: {
      ...buyers,
      count: BUYERS,
      ratePerSecond,
      returning: { ...buyers.returning, afterMs: holdMs },
    },
  };
}
