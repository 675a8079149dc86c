/** Queueing theory against the simulator's stations. */
import { squaredVariation } from "../../sim/kernel/service-law.ts";
import type { SimulationResult, StationSummaries } from "../../sim/result.ts";
import type { Scenario } from "../../sim/scenario/schema.ts";
import { EXACT, STATISTICAL } from "./check.ts";
import type { Check, Sales, Subject } from "./check.ts";
import {
  burstDrain,
  burstPeak,
  erlangB,
  erlangC,
  sojournGated,
  sojournQuantileMM1,
  sojournTandem,
  waitMG1,
  waitMMc,
} from "./queue-forms.ts";

const US_PER_SECOND = 1e6;

const subject = (file: string, strategy: string, ...settings: string[]): Subject => ({
  file,
  settings,
  strategy,
});
const server = (...settings: string[]): Subject =>
  subject("ticket-server", "pre-deduct", ...settings);
const nginx = (...settings: string[]): Subject => subject("nginx", "pre-deduct", ...settings);
const redis = (...settings: string[]): Subject => subject("redis", "pre-deduct", ...settings);
const orders = (...settings: string[]): Subject =>
  subject("order-database", "order-first", ...settings);

/** Arrivals per microsecond: the closed forms are then in microseconds. */
const arrivals = ({ buyers }: Scenario): number => buyers.ratePerSecond / US_PER_SECOND;

type Station = keyof StationSummaries;
const of =
  (station: Station, what: "waitMeanUs" | "sojournMeanUs" | "sojournP99Us" | "waitedShare") =>
  (sales: Sales, seed: bigint): number =>
    sales.run(seed).stations[station][what];

const HALF_LOAD = "buyers.ratePerSecond=5000";
const EXPONENTIAL = "servers.serviceLaw=exponential";
const HEAVY_TAIL = 'servers.serviceLaw={"squaredVariation":4}';
const UNIFORM = 'servers.serviceLaw={"quantiles":[0,2]}';

const serverWait = ({ servers, ...rest }: Scenario): number =>
  waitMG1(
    arrivals({ servers, ...rest }),
    1 / servers.serviceUs,
    squaredVariation(servers.serviceLaw),
  );
const nginxWait = (scenario: Scenario): number =>
  waitMG1(
    arrivals(scenario),
    1 / scenario.nginx.serviceUs,
    squaredVariation(scenario.nginx.serviceLaw),
  );
const serverP99 = (scenario: Scenario): number =>
  sojournQuantileMM1(arrivals(scenario), 1 / scenario.servers.serviceUs, 0.99);

const ONE_SERVER: readonly Check[] = [
  {
    ...STATISTICAL,
    name: "mm1-half",
    model: "M/M/1, ρ .5: mean wait",
    station: "ticket server",
    unit: "µs",
    subject: server(EXPONENTIAL, HALF_LOAD),
    formula: serverWait,
    replicate: of("servers", "waitMeanUs"),
    quick: true,
  },
  {
    ...STATISTICAL,
    name: "mm1",
    model: "M/M/1, ρ .8: mean wait",
    station: "ticket server",
    unit: "µs",
    subject: server(EXPONENTIAL),
    formula: serverWait,
    replicate: of("servers", "waitMeanUs"),
  },
  {
    ...STATISTICAL,
    name: "mm1-p99-half",
    model: "M/M/1, ρ .5: p99 of the sojourn",
    station: "ticket server",
    unit: "µs",
    subject: server(EXPONENTIAL, HALF_LOAD),
    formula: serverP99,
    replicate: of("servers", "sojournP99Us"),
    logarithmic: true,
    quick: true,
  },
  {
    ...STATISTICAL,
    name: "mm1-p99",
    model: "M/M/1, ρ .8: p99 of the sojourn",
    station: "ticket server",
    unit: "µs",
    // A quantile of one run is biased by the square of its error, so runs are longer here.
    subject: server(EXPONENTIAL, "buyers.count=200000"),
    formula: serverP99,
    replicate: of("servers", "sojournP99Us"),
    logarithmic: true,
  },
  {
    ...STATISTICAL,
    name: "md1-half",
    model: "M/D/1, ρ .5: mean wait",
    station: "nginx",
    unit: "µs",
    subject: nginx(HALF_LOAD),
    formula: nginxWait,
    replicate: of("nginx", "waitMeanUs"),
    quick: true,
  },
  {
    ...STATISTICAL,
    name: "md1",
    model: "M/D/1, ρ .8: mean wait",
    station: "nginx",
    unit: "µs",
    subject: nginx(),
    formula: nginxWait,
    replicate: of("nginx", "waitMeanUs"),
  },
  {
    ...STATISTICAL,
    name: "md1-server",
    model: "M/D/1, ρ .8: mean wait",
    station: "ticket server",
    unit: "µs",
    subject: server(),
    formula: serverWait,
    replicate: of("servers", "waitMeanUs"),
  },
  {
    ...STATISTICAL,
    name: "mg1-heavy",
    model: "M/G/1, hyperexponential, C² 4, ρ .5: mean wait",
    station: "ticket server",
    unit: "µs",
    subject: server(HEAVY_TAIL, HALF_LOAD),
    formula: serverWait,
    replicate: of("servers", "waitMeanUs"),
  },
  {
    ...STATISTICAL,
    name: "mg1-uniform",
    model: "M/G/1, empirical (uniform), C² 1/3, ρ .8: mean wait",
    station: "ticket server",
    unit: "µs",
    subject: server(UNIFORM),
    formula: serverWait,
    replicate: of("servers", "waitMeanUs"),
  },
  {
    ...STATISTICAL,
    name: "gated",
    model: "M/D/1 in gated batches, ρ .8: mean sojourn",
    station: "Redis",
    unit: "µs",
    subject: redis(),
    formula: gatedSojourn,
    replicate: of("redis", "sojournMeanUs"),
  },
  {
    ...STATISTICAL,
    name: "gated-exponential",
    model: "M/M/1 in gated batches, ρ .5: mean sojourn",
    station: "Redis",
    unit: "µs",
    subject: redis(HALF_LOAD, "redis.callLaw=exponential"),
    formula: gatedSojourn,
    replicate: of("redis", "sojournMeanUs"),
    quick: true,
  },
];

function gatedSojourn(scenario: Scenario): number {
  const { callUs, itemUs, callLaw } = scenario.redis;
  return sojournGated(arrivals(scenario), 1 / (callUs + itemUs), squaredVariation(callLaw));
}

const transactionRate = ({ orders: { transactionUs } }: Scenario): number => 1 / transactionUs;
const offered = (scenario: Scenario): number => arrivals(scenario) / transactionRate(scenario);

const LOSS = "orders.queueLimit=0";
const lostShare = (sales: Sales, seed: bigint): number => {
  const { refused, arrivals: taken } = sales.run(seed).stations.orderDatabase;
  return refused / (refused + taken);
};
const erlangLoss = (scenario: Scenario): number =>
  erlangB(scenario.orders.connections, offered(scenario));

const SEVERAL_SERVERS: readonly Check[] = [
  {
    ...STATISTICAL,
    name: "mmc-share",
    model: "M/M/10, ρ .8: share that waits",
    station: "order database",
    unit: "",
    subject: orders(),
    formula: (scenario) => erlangC(scenario.orders.connections, offered(scenario)),
    replicate: of("orderDatabase", "waitedShare"),
  },
  {
    ...STATISTICAL,
    name: "mmc",
    model: "M/M/10, ρ .8: mean wait",
    station: "order database",
    unit: "µs",
    subject: orders(),
    formula: (scenario) =>
      waitMMc(scenario.orders.connections, arrivals(scenario), transactionRate(scenario)),
    replicate: of("orderDatabase", "waitMeanUs"),
  },
  {
    ...STATISTICAL,
    name: "mm2-half",
    model: "M/M/2, ρ .5: mean wait",
    station: "order database",
    unit: "µs",
    subject: orders("orders.connections=2", "buyers.ratePerSecond=1000"),
    formula: (scenario) =>
      waitMMc(scenario.orders.connections, arrivals(scenario), transactionRate(scenario)),
    replicate: of("orderDatabase", "waitMeanUs"),
    quick: true,
  },
  {
    ...STATISTICAL,
    name: "mmcc",
    model: "M/M/10/10, a = 8: share lost",
    station: "order database",
    unit: "",
    subject: orders(LOSS),
    formula: erlangLoss,
    replicate: lostShare,
    quick: true,
  },
  {
    ...STATISTICAL,
    name: "mdcc",
    model: "M/D/10/10, a = 8: share lost (the law does not matter)",
    station: "order database",
    unit: "",
    subject: orders(LOSS, "orders.transactionLaw=constant"),
    formula: erlangLoss,
    replicate: lostShare,
  },
  {
    ...STATISTICAL,
    name: "tandem",
    model: "three M/M/1 in a row: mean time from end to end",
    station: "nginx, ticket server, order database",
    unit: "µs",
    subject: orders(
      "buyers.ratePerSecond=500",
      "nginx.serviceUs=1000",
      "nginx.serviceLaw=exponential",
      "servers.serviceUs=1250",
      "servers.serviceLaw=exponential",
      "orders.connections=1",
    ),
    formula: (scenario) =>
      sojournTandem(arrivals(scenario), [
        1 / scenario.nginx.serviceUs,
        1 / scenario.servers.serviceUs,
        transactionRate(scenario),
      ]),
    replicate: (sales, seed) => meanAnswerUs(sales.run(seed)),
  },
];

/** Mean time to an answer, over all answers. */
function meanAnswerUs({ latencies }: SimulationResult): number {
  const count = latencies.reduce((sum, latency) => sum + latency.count, 0);
  return (latencies.reduce((sum, { meanMs, count: n }) => sum + meanMs * n, 0) / count) * 1000;
}

/** L / λW: one, on a run that ends empty. */
const little =
  (station: Station) =>
  (sales: Sales, seed: bigint): number => {
    const { inSystemMean, inSystemAtEnd, sojournMeanUs, ...rest } =
      sales.run(seed).stations[station];
    if (inSystemAtEnd !== 0) return Number.NaN;
    return inSystemMean / ((rest.arrivals / (rest.lastDepartureMs * 1000)) * sojournMeanUs);
  };

const LITTLE: readonly Check[] = (
  [
    ["servers", "ticket server", server(EXPONENTIAL, HALF_LOAD)],
    ["nginx", "nginx", nginx(HALF_LOAD)],
    ["redis", "Redis", redis(HALF_LOAD, "redis.callLaw=exponential")],
    [
      "orderDatabase",
      "order database",
      orders("orders.connections=2", "buyers.ratePerSecond=1000"),
    ],
  ] as const
).map(([key, station, run]) => ({
  ...EXACT,
  name: `little-${station.replace(" ", "-").toLowerCase()}`,
  model: "Little: L / λW",
  station,
  unit: "",
  subject: run,
  formula: () => 1,
  replicate: little(key),
  tolerance: 1e-9,
  quick: true,
}));

const BURST = ["buyers.count=20000", "buyers.ratePerSecond=20000"];

const BURSTS: readonly Check[] = (
  [
    {
      name: "server",
      station: "ticket server",
      key: "servers",
      // Order-first: with one order there is nothing to expire, and no request after the burst.
      run: orders(...BURST, "servers.serviceUs=100", "orders.transactionUs=0"),
      rate: ({ servers }: Scenario): number => 1 / servers.serviceUs,
    },
    {
      name: "orders",
      station: "order database",
      key: "orderDatabase",
      run: orders(...BURST),
      rate: (scenario: Scenario): number => scenario.orders.connections * transactionRate(scenario),
    },
  ] as const
).flatMap(({ name, station, key, run, rate }): Check[] => [
  {
    ...STATISTICAL,
    name: `burst-peak-${name}`,
    model: "burst at twice the capacity: longest queue",
    station,
    unit: "requests",
    subject: run,
    formula: (scenario) => burstPeak(scenario.buyers.count, arrivals(scenario), rate(scenario)),
    replicate: (sales, seed) => sales.run(seed).stations[key].inSystemMax,
    quick: name === "server",
  },
  {
    ...STATISTICAL,
    name: `burst-drain-${name}`,
    model: "burst at twice the capacity: time to drain",
    station,
    unit: "ms",
    subject: run,
    formula: (scenario) => burstDrain(scenario.buyers.count, rate(scenario)) / 1000,
    replicate: (sales, seed) => sales.run(seed).stations[key].lastDepartureMs,
    // The limit leaves out the first requests, which find the station idle.
    tolerance: 0.001,
    quick: name === "server",
  },
]);

export const QUEUE_CHECKS: readonly Check[] = [
  ...ONE_SERVER,
  ...SEVERAL_SERVERS,
  ...LITTLE,
  ...BURSTS,
];
