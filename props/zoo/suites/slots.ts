/**
 * Suite `slots`: sales whose quota is never refilled, while requests to Redis are lost. Every
 * lost request has spent a slot, and a slot that does not come back is a ticket that nobody sells.
 *
 * Requests are lost and not replies: a hold whose reply was lost may run out unpaid, and what comes
 * back on sale then has no slot any more, which the published arithmetic allows.
 */
import { preDeduct } from "../../../core/strategies/pre-deduct.ts";
import type { RunConfig } from "../../../sim/result.ts";
import type { FaultPlan } from "../../../sim/faults/vocabulary.ts";
import { drawSmallScenario } from "../../../sim/scenario/small.ts";
import type { Scenario } from "../../../sim/scenario/schema.ts";
import { judged } from "./sale.ts";
import type { Outcome } from "./suite.ts";

export { plantedHits } from "../planted.ts";

const LOST: FaultPlan = {
  schemaVersion: 1,
  episodes: [{ kind: "redis-requests-lost", atMs: 0, forMs: 2000, share: 0.3 }],
};

export function play(seed: bigint): Outcome {
  return judged(configOf(seed), preDeduct);
}

export function configOf(seed: bigint): RunConfig {
  const scenario = withoutRefill(drawSmallScenario(seed));
  return { seed, scenario, strategy: preDeduct.name, plan: LOST };
}

/** Nobody gives a ticket up or loses it, and there are buyers enough for every server. */
function withoutRefill(small: Scenario): Scenario {
  const { sale, servers, buyers, rules, nginx, sites } = small;
  const tickets = Math.min(sale.tickets, 50);
  const { weights: _, ...even } = servers;
  return {
    ...small,
    sites: sites.slice(0, 1),
    quota: { refill: "off" },
    sale: { ...sale, tickets, holdMs: 30_000, graceMs: 5000, maxPerBuyer: 0, latePayment: "lazy" },
    rules: { ...rules, callTimeoutMs: 100, settleMs: 200 },
    servers: { ...even, count: Math.min(servers.count, 4), buffer: 1 },
    buyers: {
      ...buyers,
      count: 1500,
      ratePerSecond: 300,
      timeoutMs: 10_000,
      quantities: [1],
      noShow: 0,
      payLate: 0,
      cancel: 0,
      cancelPaid: 0,
      doubleClick: 0,
      bots: { ...buyers.bots, share: 0 },
    },
    nginx: { ...nginx, method: "round_robin", backupSites: false },
  };
}
