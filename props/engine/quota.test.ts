/**
 * Slices and buffer from inside the engine, under restart, drain and resize: quota is a load shield,
 * so what it is may not show in what is sold, and what it is not must not come back as stock.
 */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CounterCall } from "../../core/counter/calls.ts";
import { Findings } from "../../core/invariants/findings.ts";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import type { ServerEffect } from "../../core/strategy.ts";
import { propertyNamed } from "../properties/properties.ts";
import { watched as watchedServers } from "../zoo/suites/watched-server.ts";
import { heal } from "./healing.ts";
import type { Run } from "./operations.ts";
import { World } from "./world.ts";
import type { PreDeduct } from "./world.ts";

const SEED = Number(process.env["ONCEONLY_SEED"] ?? 12306);

function arbitraryOf(property: string): fc.Arbitrary<Run> {
  return propertyNamed(property)!.arbitrary as fc.Arbitrary<Run>;
}

const sizes = arbitraryOf("sizes");

/** The engine, and what its servers do; `seen` is told before the effects are carried out. */
function watched(
  seen: (
    state: ReturnType<PreDeduct["server"]["create"]>,
    effects: readonly ServerEffect[],
  ) => void,
): PreDeduct {
  const { server } = preDeduct;
  return {
    ...preDeduct,
    server: {
      ...server,
      step: (state, input, nowMs, out) => {
        server.step(state, input, nowMs, out);
        seen(state, out);
      },
    },
  };
}

/** Plays to the end, healing included. */
function play({ config, operations }: Run, strategy: PreDeduct): World {
  const world = new World(config, strategy);
  for (const operation of operations) world.apply(operation);
  heal(world);
  return world;
}

/** A hundred runs, if not said otherwise with restarts, drains and resizes. */
function assertRuns(check: (run: Run) => void, runs = sizes): void {
  fc.assert(fc.property(runs, check), { seed: SEED, numRuns: 100 });
}

describe("quota", () => {
  test("is never overspent, and nothing spent is given back twice", () => {
    assertRuns((run) => {
      play(
        run,
        watched(({ taken, quota }) => {
          expect(taken).toBeGreaterThanOrEqual(0);
          expect(taken).toBeLessThanOrEqual(quota);
        }),
      );
    });
  });

  test.each(["sizes", "interleavings"])(
    "is spent, when all is known, on a server's own reservations and on nothing else: %s",
    (property) => {
      assertRuns((run) => {
        const world = play(run, preDeduct);
        const rows = [...world.stock.rows.values()];
        for (const process of world.servers) {
          const { taken, config } = process!.state;
          const own = rows.filter(
            ({ server, incarnation }) =>
              server === config.name && incarnation === config.incarnation,
          );
          const units = own.reduce((sum, { qty }) => sum + qty, 0);
          const live = own.filter(({ state }) => state === "H" || state === "C");
          expect(taken).toBeLessThanOrEqual(units);
          expect(taken).toBeGreaterThanOrEqual(live.reduce((sum, { qty }) => sum + qty, 0));
        }
      }, arbitraryOf(property));
    },
  );

  test("of a restarted server is what it was granted, and nothing before the first grant", () => {
    let restarts = 0;
    assertRuns((run) => {
      play(
        run,
        watched(({ config, quota, latch }) => {
          if (config.incarnation === 0 || latch.generation >= 0) return;
          restarts += 1;
          expect(quota).toBe(0);
        }),
      );
    });
    expect(restarts).toBeGreaterThan(50);
  });

  test("does not follow the size of the sale: it grows by grants, and never shrinks", () => {
    const highest = new Map<object, number>();
    assertRuns((run) => {
      play(
        run,
        watched((state) => {
          expect(state.quota).toBeGreaterThanOrEqual(highest.get(state) ?? 0);
          highest.set(state, state.quota);
        }),
      );
    });
  });
});

test("no server says SOLDOUT but on the counter's newest word, or asks again what it just heard", () => {
  const ebbAndFlow = arbitraryOf("ebb-and-flow");
  fc.assert(
    fc.property(ebbAndFlow, (run) => {
      const findings = new Findings();
      play(run, watchedServers(preDeduct, findings));
      expect(findings.earliest()).toBe(undefined);
    }),
    { seed: SEED, numRuns: 100 },
  );
});

describe("a draining server", () => {
  test("admits nobody, and gives nothing back to the counter", () => {
    /** The ids that each had admitted when it began to drain. */
    const drained = new Map<object, ReadonlySet<string>>();
    const given: CounterCall[] = [];
    assertRuns((run) => {
      play(
        run,
        watched((state, effects) => {
          if (!state.draining) return;
          const admitted = drained.get(state) ?? new Set(state.attempts.keys());
          drained.set(state, admitted);
          // What it had admitted may still be sent, and asked about; nothing else.
          for (const id of state.attempts.keys()) expect(admitted).toContain(id);
          for (const effect of effects) if (effect.type === "call-counter") given.push(effect.call);
        }),
      );
    });
    expect(drained.size).toBeGreaterThan(50);
    // Nobody cancels in these runs, so a release would be the server's own.
    expect(given.filter(({ script }) => script === "release")).toEqual([]);
  });
});

describe("a sale that changes its size", () => {
  const CONFIG = { ...fc.sample(sizes, { seed: SEED, numRuns: 1 })[0].config };
  const config: Run["config"] = {
    ...CONFIG,
    servers: 2,
    tickets: 4,
    weights: [1, 1],
    buffer: 1,
    sale: { ...CONFIG.sale, tickets: 4, maxPerBuyer: 0, holdMs: 1_000_000 },
    rules: { ...CONFIG.rules, refill: "on-demand" },
  };
  const rush = (world: World, buyers: number): void => {
    for (let i = 0; i < buyers; i += 1) {
      world.apply({ do: "buy", server: i, buyer: i, qty: 1 });
      for (let hop = 0; hop < 4; hop += 1) world.apply({ do: "deliver all" });
      world.apply({ do: "pass", ms: 40 });
    }
  };

  test("sells what was added, though every server had said SOLDOUT", () => {
    const world = new World(config, preDeduct);
    rush(world, 8);
    expect(world.judge.rows).toMatchObject({ free: 0, held: 4 });
    world.apply({ do: "resize", by: 3 });
    rush(world, 8);
    expect(world.judge.rows).toMatchObject({ free: 0, held: 7 });
    expect(world.judge.findings.earliest()).toBe(undefined);
  });

  test("sells no more than is left, though slices and buffers are larger", () => {
    const world = new World(config, preDeduct);
    rush(world, 1);
    world.apply({ do: "resize", by: -2 });
    rush(world, 8);
    expect(world.judge.rows).toMatchObject({ total: 2, free: 0, held: 2 });
    expect(world.judge.findings.earliest()).toBe(undefined);
  });

  test("does not go below what is sold", () => {
    const world = new World(config, preDeduct);
    rush(world, 8);
    world.apply({ do: "resize", by: -1 });
    expect(world.judge.rows).toMatchObject({ total: 4, held: 4 });
  });
});
