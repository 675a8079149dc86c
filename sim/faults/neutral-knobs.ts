/**
 * What a shrunk scenario need not have: each step sets one thing that makes a run special back to
 * the plain case, so that what remains in a repro file is what the bug needs.
 */
import type { Scenario } from "../scenario/schema.ts";

type Step = (scenario: Scenario) => Scenario;

const buyers =
  (change: Partial<Scenario["buyers"]>): Step =>
  (scenario) => ({ ...scenario, buyers: { ...scenario.buyers, ...change } });

const sale =
  (change: Partial<Scenario["sale"]>): Step =>
  (scenario) => ({ ...scenario, sale: { ...scenario.sale, ...change } });

const rules =
  (change: Partial<Scenario["rules"]>): Step =>
  (scenario) => ({ ...scenario, rules: { ...scenario.rules, ...change } });

const nginx =
  (change: Partial<Scenario["nginx"]>): Step =>
  (scenario) => ({ ...scenario, nginx: { ...scenario.nginx, ...change } });

const lvs =
  (change: Partial<Scenario["lvs"]>): Step =>
  (scenario) => ({ ...scenario, lvs: { ...scenario.lvs, ...change } });

const noBots: Step = (scenario) => ({
  ...scenario,
  buyers: { ...scenario.buyers, bots: { ...scenario.buyers.bots, share: 0 } },
});

const nobodyReturns: Step = (scenario) => ({
  ...scenario,
  buyers: { ...scenario.buyers, returning: { ...scenario.buyers.returning, share: 0 } },
});

const equalServers: Step = (scenario) => {
  const { weights: _, ...servers } = scenario.servers;
  return { ...scenario, servers };
};

/** In the order they are tried, the ones that take the most people out of the story first. */
export const NEUTRAL_KNOBS: readonly Step[] = [
  noBots,
  nobodyReturns,
  buyers({ doubleClick: 0 }),
  buyers({ cancel: 0 }),
  buyers({ payLate: 0 }),
  buyers({ noShow: 0 }),
  buyers({ quantities: [1] }),
  buyers({ retries: 0 }),
  buyers({ networkMs: 5 }),
  equalServers,
  sale({ maxPerBuyer: 0 }),
  sale({ latePayment: "lazy" }),
  sale({ graceMs: 0 }),
  rules({ batchMax: 1 }),
  rules({ inflightMax: 1 }),
  nginx({ method: "round_robin" }),
  nginx({ workers: 1, zone: false, backupSites: false }),
  lvs({ scheduler: "rr", mode: "nat", persistenceSeconds: 0 }),
];
