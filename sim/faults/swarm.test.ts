import { describe, expect, test } from "vitest";
import { deathsSurvived, slices } from "../../core/quota.ts";
import { drawSmallScenario } from "../scenario/small.ts";
import { buildTopology } from "../world/topology.ts";
import { checkPlan } from "./plan.ts";
import { leavesAWay } from "./survival.ts";
import { drawSwarm, SWARM_KINDS } from "./swarm.ts";

const SEEDS = Array.from({ length: 300 }, (_, i) => BigInt(i));

describe("drawSwarm", () => {
  test("draws legal plans that leave a way open, and keeps dead servers within the buffer", () => {
    for (const seed of SEEDS) {
      const scenario = drawSmallScenario(seed);
      const plan = drawSwarm(scenario, seed);
      checkPlan(plan, scenario);
      expect(leavesAWay(plan.episodes, scenario, buildTopology(scenario))).toBe(true);
      if (scenario.quota.refill === "on-demand") continue;
      const covered = deathsSurvived(
        scenario.sale.tickets,
        slices(
          scenario.sale.tickets,
          Array.from({ length: scenario.servers.count }, () => 1),
        ),
        scenario.servers.buffer,
      );
      expect(plan.episodes.length).toBeLessThanOrEqual(covered);
    }
  });

  test("has each kind in some runs and misses it in others", () => {
    const plans = SEEDS.map((seed) => drawSwarm(drawSmallScenario(seed), seed));
    for (const kind of SWARM_KINDS) {
      const count = plans.filter(({ episodes }) => episodes.some((e) => e.kind === kind)).length;
      // Half of the seeds have the kind on, of those a third to a half draw no episode.
      expect(count, kind).toBeGreaterThan(SEEDS.length / 20);
      expect(count, kind).toBeLessThan((SEEDS.length * 3) / 5);
    }
    const drawn = plans.flatMap(({ episodes }) => episodes.map(({ kind }) => kind));
    expect(drawn).not.toContain("nginx-reload");
    expect(drawn).not.toContain("nginx-worker-crash");
  });

  test("pins what a seed draws", () => {
    const { episodes } = drawSwarm(drawSmallScenario(1n), 1n);
    expect(episodes.map(({ kind, target, atMs }) => [kind, target, atMs])).toMatchInlineSnapshot(`
      [
        [
          "server-counter-cut",
          0,
          267.137,
        ],
        [
          "redis-clock-jump",
          undefined,
          494.094,
        ],
        [
          "redis-clock-jump",
          undefined,
          521.691,
        ],
        [
          "buyer-replies-lost",
          undefined,
          558.383,
        ],
        [
          "server-counter-cut",
          1,
          1011.436,
        ],
        [
          "server-counter-cut",
          3,
          1083.886,
        ],
        [
          "database-stall",
          undefined,
          1092.424,
        ],
        [
          "buyer-replies-lost",
          undefined,
          1112.765,
        ],
        [
          "buyer-replies-lost",
          undefined,
          1168.04,
        ],
        [
          "redis-replies-lost",
          undefined,
          1174.958,
        ],
      ]
    `);
  });
});
