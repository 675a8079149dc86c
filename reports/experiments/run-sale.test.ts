import { expect, test } from "vitest";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import { drawPlan } from "../../sim/faults/draw.ts";
import { loadScenario } from "../../sim/scenario/load.ts";
import { runToEnd } from "../../sim/sweep/run-seed.ts";
import { cellOf, deathsTemplate, replayCommand } from "./cell.ts";
import { effortOf } from "./effort.ts";
import { runSale } from "./run-sale.ts";
import { rushOnly } from "./sweep-cells.ts";

const smoke = loadScenario("smoke", 1n);
const base = { ...smoke, buyers: { ...smoke.buyers, count: 2000 } };

test("a measured sale is the same run as an unwatched one", () => {
  const seed = 5n;
  const sale = runSale(base, cellOf({}), preDeduct, seed, true);
  const plain = runToEnd(
    { seed, scenario: base, strategy: "pre-deduct", plan: drawPlan(base, seed) },
    preDeduct,
  );
  expect(sale.traceHash).toBe(plain.traceHash);
  expect(sale.values.falseSoldOuts! + sale.values.soldOuts!).toBe(
    plain.latencies.find(({ answer }) => answer === "SOLDOUT")!.count,
  );
  expect(sale.values.undersold).toBe(plain.undersold);
  expect(sale.values.sellOutMs).toBe(plain.soldOutMs);
  const { timeline } = sale.detail!;
  expect(timeline.redisCalls.reduce((a, b) => a + b)).toBeLessThanOrEqual(sale.values.redisCalls!);
  expect(timeline.ticketsTaken.at(-1)).toBeGreaterThan(0);
  // 200 tickets are too few for a p99.
  expect(sale.values.winnerP99Ms).toBeNull();
  expect(sale.values.soldOutP99Ms).toBeGreaterThan(0);
});

test("slices of servers that are dead from the start stay unsold when quotas are final", () => {
  const effort = effortOf(base, false, null);
  const cell = (buffer: number, refill: string) =>
    cellOf({
      ...rushOnly(effort),
      "servers.buffer": buffer,
      "quota.refill": refill,
      faults: deathsTemplate(2, 0),
    });
  const unsold = (buffer: number, refill: string) =>
    runSale(base, cell(buffer, refill), preDeduct, 1n, false).values.unsoldInRush;
  // S = 25, N = 8, k = 2: kS - (N - k) B, and nothing from B = 9 on.
  expect([unsold(0, "off"), unsold(8, "off"), unsold(9, "off")]).toEqual([50, 2, 0]);
  expect(unsold(0, "on-demand")).toBe(0);
});

test("the command of a sale names everything that makes it", () => {
  const subject = { name: "smoke", settings: ["sale.tickets=100"], scenario: base };
  const cell = cellOf({ faults: deathsTemplate(1, 20) }, "order-first");
  expect(replayCommand(subject, cell, "7")).toBe(
    "npx tsx sim/run.ts --scenario smoke --set sale.tickets=100 " +
      `--set 'faults=[{"kind":"server-crash","count":1,"atMs":{"least":0,"most":20}}]' ` +
      "--strategy order-first --seed 7",
  );
});

test("tickets are taken when the pass that takes them ends: never faster than Redis can", () => {
  const itemUs = 1000;
  const cell = cellOf({
    ...rushOnly(effortOf(base, false, null)),
    "buyers.ratePerSecond": 1e6,
    "redis.itemUs": itemUs,
  });
  const { values } = runSale(base, cell, preDeduct, 3n, false);
  const { tickets } = base.sale;
  const leastMs = (tickets * itemUs) / 1000;
  expect(values.sellOutMs).toBeGreaterThan(leastMs);
  expect(values.sellOutMs).toBeLessThan(1.5 * leastMs);
  expect(values.salesPerSecond).toBeLessThan(1e6 / itemUs);
});

test("requests that wait for nginx are seen there", () => {
  const cell = cellOf({ "buyers.ratePerSecond": 1e6, "nginx.serviceUs": 500, faults: [] });
  const { values, detail } = runSale(base, cell, preDeduct, 3n, true);
  expect(values.nginxQueueMax).toBeGreaterThan(100);
  expect(Math.max(...detail!.timeline.inNginx)).toBe(values.nginxQueueMax);
  expect(detail!.timeline.inNginx.at(-1)).toBe(0);
});

test("what is answered while buyers arrive is bounded by what the servers can do", () => {
  // Eight servers of 2 ms: 4,000 a second, of 20,000 that come in a tenth of a second.
  const cell = cellOf({ "buyers.ratePerSecond": 20_000, "servers.serviceUs": 2000, faults: [] });
  const { values } = runSale(base, cell, preDeduct, 3n, false);
  expect(values.answersPerSecond).toBeGreaterThan(1000);
  expect(values.answersPerSecond).toBeLessThan(4000);
});
