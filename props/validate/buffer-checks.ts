/** The arithmetic of slices and buffers against whole simulated sales with final quotas. */
import type { Episode } from "../../sim/faults/vocabulary.ts";
import type { Scenario } from "../../sim/scenario/schema.ts";
import {
  highestRandomLoad,
  refusedWithStockLeft,
  safeBuffer,
  unsoldAtOneInstant,
  unsoldAtOwnInstants,
  unsoldAtThinDemand,
} from "./buffer-forms.ts";
import { EXACT, STATISTICAL } from "./check.ts";
import type { Check, Sales, Subject } from "./check.ts";
import { unsoldAfterDeaths } from "./deaths.ts";
import type { Instants } from "./deaths.ts";

const sale = (...settings: string[]): Subject => ({
  file: "buffer",
  settings,
  strategy: "pre-deduct",
});

const sliceOf = ({ sale: { tickets }, servers }: Scenario): number => tickets / servers.count;

/** The smallest buffer with which the simulator sells out though `deaths` servers never serve. */
function smallestBuffer(sales: Sales, deaths: number, seed: bigint): number {
  const { scenario } = sales;
  const episodes = Array.from({ length: deaths }, (_, target): Episode => ({
    kind: "server-crash",
    target,
    atMs: 0,
  }));
  let short = -1;
  let enough = 2 * sliceOf(scenario);
  while (enough - short > 1) {
    const buffer = Math.floor((short + enough) / 2);
    const changed = { ...scenario, servers: { ...scenario.servers, buffer } };
    const result = sales.runWith(seed, { schemaVersion: 1, episodes }, changed);
    if (result.acked < scenario.sale.tickets) short = buffer;
    else enough = buffer;
  }
  return enough;
}

const SAFE_BUFFERS: readonly Check[] = [1, 2, 3, 5, 10, 20, 34, 50].map((deaths) => ({
  ...EXACT,
  name: `safe-buffer-${deaths}`,
  model: `smallest buffer that survives ${deaths} of 100 deaths at the start`,
  station: "whole sale",
  unit: "slots",
  subject: sale(),
  formula: (scenario) => safeBuffer(sliceOf(scenario), scenario.servers.count, deaths),
  replicate: (sales, seed) => smallestBuffer(sales, deaths, seed),
  replications: 1,
  quick: deaths === 5,
}));

const DEATHS: readonly (readonly [deaths: number, buffer: number, instants: Instants])[] = [
  [5, 2, "one"],
  [10, 6, "one"],
  [5, 2, "own"],
  [10, 6, "own"],
  [20, 12, "own"],
];

const UNSOLD: readonly Check[] = DEATHS.flatMap(([deaths, buffer, instants]): Check[] => {
  const form = instants === "one" ? unsoldAtOneInstant : unsoldAtOwnInstants;
  const unsold = (scenario: Scenario): ReturnType<typeof form> =>
    form(sliceOf(scenario), scenario.servers.count, deaths, scenario.servers.buffer);
  const common = {
    ...STATISTICAL,
    station: "whole sale",
    subject: sale(`servers.buffer=${buffer}`),
    // A replication is several sales of ten thousand tickets.
    replicationsLeast: 10,
    replicationsMost: 80,
    // Fractions of a ticket, and arrivals that are not even, are not in the formula.
    tolerance: 0.02,
  };
  const when = instants === "one" ? "at one random instant" : "at random instants";
  return [
    {
      ...common,
      name: `unsold-${instants}-${deaths}`,
      model: `${deaths} of 100 die ${when}, B = ${buffer}: unsold`,
      unit: "tickets",
      formula: (scenario) => unsold(scenario).tickets,
      replicate: (sales, seed) => mean(unsoldAfterDeaths(sales, deaths, instants, seed)),
      // Where little is left unsold, it is left in few of the sales.
      precision: instants === "own" && deaths === 10 ? 0.2 : 0.1,
    },
    {
      ...common,
      name: `unsold-share-${instants}-${deaths}`,
      model: `${deaths} of 100 die ${when}, B = ${buffer}: P(unsold)`,
      unit: "",
      formula: (scenario) => unsold(scenario).probability,
      replicate: (sales, seed) =>
        mean(unsoldAfterDeaths(sales, deaths, instants, seed).map((left) => (left > 0 ? 1 : 0))),
      precision: 0.1,
    },
  ];
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const RANDOM = "nginx.method=random";

/** [buffer, precision]: what is left is rare with large buffers, and its estimate so much vaguer. */
const THIN: readonly (readonly [buffer: number, precision: number])[] = [
  [0, 0.02],
  [5, 0.02],
  [10, 0.05],
  [20, 0.2],
];

const THIN_DEMAND: readonly Check[] = THIN.map(([buffer, precision]) => ({
  ...STATISTICAL,
  name: `thin-demand-${buffer}`,
  model: `as many buyers as tickets, balanced at random, B = ${buffer}: unsold`,
  station: "whole sale",
  unit: "tickets",
  subject: sale(RANDOM, "buyers.count=10000", `servers.buffer=${buffer}`),
  formula: (scenario) =>
    unsoldAtThinDemand(
      scenario.sale.tickets,
      scenario.servers.count,
      sliceOf(scenario) + scenario.servers.buffer,
      scenario.buyers.count,
    ),
  replicate: (sales, seed) => sales.scenario.sale.tickets - sales.run(seed).acked,
  precision,
  replicationsMost: 320,
  quick: buffer === 0,
}));

const REFUSED: readonly (readonly [buffer: number, precision: number])[] = [
  [1, 0.05],
  [2, 0.05],
  [5, 0.05],
  [12, 0.1],
  [25, 0.5],
];

const REFUSED_WITH_STOCK_LEFT: readonly Check[] = REFUSED.map(([buffer, precision]) => ({
  ...STATISTICAL,
  name: `quota-refusals-${buffer}`,
  model: `balanced at random, B = ${buffer}: refused while others have stock`,
  station: "whole sale",
  unit: "buyers",
  subject: sale(RANDOM, "buyers.count=13000", `servers.buffer=${buffer}`),
  formula: (scenario) =>
    refusedWithStockLeft(scenario.servers.count, sliceOf(scenario), scenario.servers.buffer),
  // What others would call sold out is TRYAGAIN here.
  replicate: (sales, seed) => sales.run(seed).tryAgain,
  precision,
  // The end of the sale is taken for a fixed moment, which it is not.
  tolerance: 0.03,
  replicationsMost: 160,
}));

/** Order-first: the one order never expires, so that nothing but the buyers' requests is counted. */
const spread = (...settings: string[]): Subject => ({
  file: "buffer",
  settings: ["sale.tickets=1", "buyers.count=10000", "orders.transactionUs=1", ...settings],
  strategy: "order-first",
});

const meanLoad = ({ buyers, servers }: Scenario): number => buyers.count / servers.count;

const highestLoad = (sales: Sales, seed: bigint): number =>
  Math.max(...sales.run(seed).layers.servers.perServer.map(({ requests }) => Number(requests)));

const LOADS: readonly Check[] = [
  {
    ...STATISTICAL,
    name: "load-random",
    model: "10,000 requests at random: highest load of 100 servers",
    station: "nginx",
    unit: "requests",
    subject: spread(RANDOM),
    formula: (scenario) => highestRandomLoad(scenario.servers.count, meanLoad(scenario)),
    replicate: highestLoad,
    // Loads that add up to a given sum are a little more even than independent ones.
    tolerance: 0.01,
  },
  {
    ...STATISTICAL,
    name: "load-consistent-hash",
    model: "… by consistent hash with 160 points (134 by simulation)",
    station: "nginx",
    unit: "requests",
    subject: spread('nginx.method="hash consistent"'),
    formula: () => 134,
    replicate: highestLoad,
    // The servers' addresses, and with them the arcs of the ring, are the same in every run.
    tolerance: 0.05,
  },
  {
    ...STATISTICAL,
    name: "load-two-choices",
    model: "… by the less loaded of two, none done yet (102 by simulation)",
    station: "nginx",
    unit: "requests",
    subject: spread(
      'nginx.method="random two"',
      "buyers.timeoutMs=86400000",
      "nginx.proxyReadTimeoutMs=3600000",
      "servers.serviceUs=10000000",
    ),
    formula: () => 102,
    replicate: highestLoad,
    tolerance: 0.01,
  },
  {
    ...EXACT,
    name: "load-round-robin",
    model: "… in turn",
    station: "nginx",
    unit: "requests",
    subject: spread(),
    formula: meanLoad,
    replicate: highestLoad,
  },
];

export const BUFFER_CHECKS: readonly Check[] = [
  ...SAFE_BUFFERS,
  ...UNSOLD,
  ...THIN_DEMAND,
  ...REFUSED_WITH_STOCK_LEFT,
  ...LOADS,
];
