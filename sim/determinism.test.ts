import { describe, expect, test } from "vitest";
import { preDeduct } from "../core/strategies/pre-deduct.ts";
import type { Strategy } from "../core/strategy.ts";
import { checkDeterminism } from "./determinism.ts";
import type { TraceListener } from "./kernel/trace.ts";
import { Simulation } from "./simulation.ts";
import { drawRun } from "./sweep/run-seed.ts";

const config = drawRun({ scenario: "small", strategy: "pre-deduct", faults: "swarm" }, 10n);
const noYield = (): Promise<void> => Promise.resolve();

/** Its counter's clock jumps with the calls it ever had, those of an earlier run included. */
function forgetful(): Strategy {
  let calls = 0;
  return {
    ...preDeduct,
    counter: {
      ...preDeduct.counter,
      apply: (state, call, timeMs) => {
        calls += 1;
        return preDeduct.counter.apply(state as never, call, timeMs + 50 * (calls % 1000));
      },
    },
  };
}

describe("checkDeterminism", () => {
  test("finds two runs of the same to be the same", async () => {
    const make = (listener: TraceListener | null) => new Simulation(config, preDeduct, listener);
    const verdict = await checkDeterminism(make, noYield);
    const alone = new Simulation(config, preDeduct);
    while (!alone.advance(1_000_000));
    expect(verdict).toEqual({ same: true, traceHash: alone.result().traceHash });
  });

  test("names the first event in which two runs part, on both sides", async () => {
    let seed = 10n;
    const make = (listener: TraceListener | null) => {
      const simulation = new Simulation({ ...config, seed }, preDeduct, listener);
      seed += 1n;
      return simulation;
    };
    const verdict = await checkDeterminism(make, noYield);
    expect(verdict).toMatchObject({
      same: false,
      description: expect.stringMatching(
        /^event \d+: in the first run "[\w-]+" of \d+ at [\d.]+ ms .*; in the second "[\w-]+" of/u,
      ),
    });
  });

  test("finds a strategy that remembers more than its state", async () => {
    const strategy = forgetful();
    const make = (listener: TraceListener | null) => new Simulation(config, strategy, listener);
    expect(await checkDeterminism(make, noYield)).toMatchObject({ same: false });
  });

  test("notices a run that ends early, on either side", async () => {
    for (const shorter of [0, 1]) {
      let made = 0;
      const make = (listener: TraceListener | null) => {
        const count = made === shorter ? 50 : config.scenario.buyers.count;
        made += 1;
        const { scenario } = config;
        const buyers = { ...scenario.buyers, count };
        return new Simulation(
          { ...config, scenario: { ...scenario, buyers } },
          preDeduct,
          listener,
        );
      };
      // oxlint-disable-next-line no-await-in-loop -- two cases, one after the other
      expect(await checkDeterminism(make, noYield)).toMatchObject({ same: false });
    }
  });
});
