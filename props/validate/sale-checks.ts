/** Calls to Redis, payment waves, and what the strategies cost, on whole simulated sales. */
import type { Scenario } from "../../sim/scenario/schema.ts";
import { paidAfterWaves } from "./buffer-forms.ts";
import { EXACT, STATISTICAL } from "./check.ts";
import type { Check, Sales, Subject } from "./check.ts";

const PAY_LATER = "buyers.payAfterMs=60000";

const subject = (file: string, strategy: string, ...settings: string[]): Subject => ({
  file,
  settings,
  strategy,
});

const CALLS: readonly Check[] = [
  {
    ...EXACT,
    name: "calls-by-quota",
    model: "Redis calls without a latch: min(M, N(Q − 1)), as the article counts Q",
    station: "Redis",
    unit: "calls",
    subject: subject("buffer", "article", "servers.buffer=50", "buyers.count=20000"),
    formula: ({ buyers, sale, servers }) =>
      Math.min(buyers.count, servers.count * (sale.tickets / servers.count + servers.buffer - 1)),
    replicate: (sales, seed) => sales.run(seed).layers.redis.reserveItems,
    quick: true,
  },
  {
    ...STATISTICAL,
    name: "calls-with-latch",
    model: "Redis calls with a latch, beyond the tickets: N(λ·rtt/N + 1)",
    station: "Redis",
    unit: "calls",
    subject: subject(
      "buffer",
      "pre-deduct",
      // Quotas must not end, and requests must come to each server at random.
      "servers.buffer=1000",
      "nginx.method=random",
      "buyers.ratePerSecond=50000",
      "redis.linkUs=5000",
      "rules.batchMax=1000",
      "rules.inflightMax=1000",
      "rules.pollMs=1000",
    ),
    formula: ({ buyers, servers, redis }) =>
      servers.count + (buyers.ratePerSecond * 2 * redis.linkUs) / 1e6,
    replicate: (sales, seed) => {
      const { layers, acked } = sales.run(seed);
      return layers.redis.reserveItems - acked;
    },
    // Time at Redis itself is left out of the round trip.
    tolerance: 0.02,
    quick: true,
  },
];

const WAVES: readonly Check[] = [0, 1, 2].map((waves) => ({
  ...STATISTICAL,
  name: `waves-${waves}`,
  model: `half never pay, ${waves} more waves: paid`,
  station: "whole sale",
  unit: "tickets",
  subject: subject("waves", "pre-deduct", `buyers.returning.patienceMs=${waves * 12_000 + 1000}`),
  formula: ({ sale, buyers }) => paidAfterWaves(sale.tickets, buyers.noShow, waves),
  replicate: (sales, seed) => sales.run(seed).confirmed,
  quick: waves === 2,
}));

const statementsPerPaid = (sales: Sales, seed: bigint): number => {
  const { layers, confirmed } = sales.run(seed);
  return layers.orders.statements / confirmed;
};
const statementsPerTicket = (sales: Sales, seed: bigint): number =>
  sales.run(seed).layers.orders.statements / sales.scenario.sale.tickets;
const refunds = (sales: Sales, seed: bigint): number => sales.run(seed).refunds;

/** Buyers who order between the payment that takes the last ticket and its order, and will pay. */
const payersTooLate = ({ buyers }: Scenario): number =>
  ((1 - buyers.noShow) * buyers.ratePerSecond * Number(buyers.payAfterMs)) / 1000;

/** For 259 statements a ticket, the delay from order to payment has to be this. */
const PAY_AFTER = "buyers.payAfterMs=933.3333333333334";

const STRATEGIES: readonly Check[] = [
  {
    ...STATISTICAL,
    name: "statements-order-first",
    model: "order-first: statements a ticket, 2M/T + 2(1 − ν)",
    station: "order database",
    unit: "statements",
    subject: subject("strategies", "order-first"),
    formula: ({ buyers, sale }) => (2 * buyers.count) / sale.tickets + 2 * (1 - buyers.noShow),
    replicate: statementsPerTicket,
    quick: true,
  },
  {
    ...STATISTICAL,
    name: "statements-pay-first",
    model: "pay-first: statements a ticket, 2M/T + 3 for each payer",
    station: "order database",
    unit: "statements",
    subject: subject("strategies", "pay-first", PAY_AFTER),
    formula: (scenario) => {
      const { buyers, sale } = scenario;
      return (2 * buyers.count + 3 * (sale.tickets + payersTooLate(scenario))) / sale.tickets;
    },
    replicate: statementsPerTicket,
  },
  {
    ...STATISTICAL,
    name: "statements-pre-deduct",
    model: "pre-deduct, all sold in the end: statements a ticket, 2/(1 − ν)",
    station: "order database",
    unit: "statements",
    subject: subject(
      "strategies",
      "pre-deduct",
      "buyers.count=2000",
      "buyers.returning.share=1",
      "buyers.returning.afterMs=11000",
      "buyers.returning.patienceMs=600000",
    ),
    formula: ({ buyers }) => 2 / (1 - buyers.noShow),
    replicate: statementsPerPaid,
  },
  {
    ...STATISTICAL,
    name: "refunds-pay-first",
    model: "pay-first: charged in vain, (1 − ν)·λ·delay",
    station: "whole sale",
    unit: "payers",
    subject: subject("strategies", "pay-first", PAY_AFTER),
    formula: payersTooLate,
    replicate: refunds,
  },
  {
    ...STATISTICAL,
    name: "refunds-pay-first-most",
    model: "pay-first, all order before anybody pays: charged in vain, M(1 − ν) − T",
    station: "whole sale",
    unit: "payers",
    subject: subject("strategies", "pay-first", PAY_LATER),
    formula: ({ buyers, sale }) => buyers.count * (1 - buyers.noShow) - sale.tickets,
    replicate: refunds,
  },
  ...["order-first", "pre-deduct"].map((strategy): Check => ({
    ...EXACT,
    name: `refunds-${strategy}`,
    model: `${strategy}: charged in vain`,
    station: "whole sale",
    unit: "payers",
    subject: subject("strategies", strategy),
    formula: () => 0,
    replicate: refunds,
  })),
];

export const SALE_CHECKS: readonly Check[] = [...CALLS, ...WAVES, ...STRATEGIES];
