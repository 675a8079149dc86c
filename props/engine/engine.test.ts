/**
 * Several engines and one counter under any interleaving of deliveries, losses, duplicates,
 * timeouts, crashes, pauses, payments and sweeps, with a look inside: slots add up after every
 * operation, and after healing no engine keeps anything pending. What can be seen from outside is in
 * `props/properties`.
 *
 * ONCEONLY_SEED explores other interleavings than the pinned ones.
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import { heal } from "./healing.ts";
import type { Run } from "./operations.ts";
import { run } from "./operations.ts";
import { World } from "./world.ts";

const RUNS = 300;
const SEED = Number(process.env["ONCEONLY_SEED"] ?? 12306);

/** Runs to the end and returns the world; throws with the first violation. */
function play({ config, operations }: Run): World {
  const world = new World(config, preDeduct);
  const check = (when: string): void => {
    const violation = world.judge.findings.earliest();
    if (violation !== undefined)
      throw new Error(`${violation.invariant} after ${when}: ${violation.detail}`);
    for (const process of world.servers) {
      if (process === null) continue;
      const { taken, quota, attempts, unresolved } = process.state;
      if (taken < 0 || taken > quota) throw new Error(`slots: ${taken} of ${quota} are taken`);
      for (const [id, attempt] of unresolved)
        if (attempts.get(id) !== attempt) throw new Error(`${id} is unresolved and no attempt`);
    }
  };
  operations.forEach((operation, i) => {
    world.apply(operation);
    check(`operation ${i}, ${JSON.stringify(operation)}`);
  });
  heal(world);
  check("healing");
  return world;
}

test("no interleaving breaks an invariant, and after healing everything is sold", () => {
  fc.assert(
    fc.property(run, (generated) => {
      const world = play(generated);
      if (generated.config.rules.refill === "on-demand") expect(world.judge.rows.free).toBe(0);
      for (const process of world.servers) {
        const { queue, waiting, inflight, attempts, unresolved } = process!.state;
        const pending = queue.length + waiting.length + inflight.size;
        expect(pending + attempts.size + unresolved.size).toBe(0);
      }
    }),
    { numRuns: RUNS, seed: SEED },
  );
}, 60_000);
