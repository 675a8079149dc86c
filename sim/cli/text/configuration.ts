/** What is about to run: the configuration that scenario, flags and seed have resolved to. */
import type { RunConfig } from "../../result.ts";
import type { Drawn } from "../../scenario/fields.ts";
import type { Scenario } from "../../scenario/schema.ts";
import { deathsCovered, slicesOf } from "../../scenario/slices.ts";
import { buildTopology } from "../../world/topology.ts";
import { duration, grouped, percent, plural, trimmed } from "./format.ts";
import { facts, paragraph } from "./layout.ts";
import type { Paint } from "./paint.ts";

const LABEL_WIDTH = 10;

export function configurationText(config: RunConfig, paint: Paint): string[] {
  const { scenario, seed, strategy } = config;
  const { description } = scenario;
  return [
    paint(
      "bold",
      `scenario ${scenario.name} · seed ${seed} (0x${seed.toString(16)}) · ${strategy}`,
    ),
    ...(description === "" ? [] : paragraph(description)).map((line) => paint("dim", line)),
    "",
    ...facts("sale", saleFacts(scenario), LABEL_WIDTH),
    ...facts("buyers", buyerFacts(scenario), LABEL_WIDTH),
    ...facts("servers", serverFacts(scenario), LABEL_WIDTH),
    ...facts("network", networkFacts(scenario), LABEL_WIDTH),
    ...facts("counter", counterFacts(scenario), LABEL_WIDTH),
    ...facts("orders", orderFacts(scenario), LABEL_WIDTH),
  ];
}

function saleFacts({ sale }: Scenario): string[] {
  return [
    plural(sale.tickets, "ticket"),
    `held ${duration(sale.holdMs)} unpaid, swept ${duration(sale.graceMs)} later`,
    sale.maxPerBuyer === 0 ? "any number a buyer" : `at most ${sale.maxPerBuyer} a buyer`,
    `late payment: ${sale.latePayment}`,
  ];
}

function buyerFacts({ buyers }: Scenario): string[] {
  const pieces = [
    grouped(buyers.count),
    `${grouped(buyers.ratePerSecond)}/s for ${duration((buyers.count / buyers.ratePerSecond) * 1000)}`,
  ];
  const shares: readonly [number, string][] = [
    [buyers.noShow, "never pay"],
    [buyers.payLate, "pay too late"],
    [buyers.cancel, "give back"],
    [buyers.doubleClick, "click twice"],
    [buyers.returning.share, `of the refused return for ${duration(buyers.returning.patienceMs)}`],
    [buyers.bots.share, `are bots with ${grouped(buyers.bots.requests)} requests each`],
  ];
  for (const [share, what] of shares) if (share > 0) pieces.push(`${percent(share)} ${what}`);
  if (buyers.quantities.length > 1)
    pieces.push(
      `wanting 1 to ${buyers.quantities.length} tickets (${buyers.quantities.join(":")})`,
    );
  pieces.push(`pay after ${range(buyers.payAfterMs)}`, `retries: ${buyers.retries}`);
  return pieces;
}

function serverFacts(scenario: Scenario): string[] {
  const { servers, sites, quota } = scenario;
  const shares = slicesOf(scenario);
  const deaths = deathsCovered(scenario);
  const least = Math.min(...shares);
  const most = Math.max(...shares);
  return [
    `${grouped(servers.count)} at ${sites.join(" and ")}`,
    `slice ${least === most ? grouped(least) : `${grouped(least)} to ${grouped(most)}`} + buffer ${grouped(servers.buffer)}`,
    deaths < 0
      ? "too small for all tickets, even with every server alive"
      : `slices and buffers cover ${plural(deaths, "dead server")}`,
    `refill ${quota.refill}`,
    `${duration(servers.serviceUs / 1000)} a request, ${grouped(servers.queueLimit)} may wait`,
  ];
}

function networkFacts(scenario: Scenario): string[] {
  const { ospf, lvs, nginx } = scenario;
  const topology = buildTopology(scenario);
  const paths = Math.min(ospf.maximumPaths, topology.directors.length);
  return [
    `OSPF over ${plural(paths, "equal-cost path")} (hello ${trimmed(ospf.helloSeconds, 3)} s, dead ${trimmed(ospf.deadSeconds, 3)} s)`,
    `${plural(topology.directors.length, "director")} (${lvs.scheduler}, ${lvs.mode})`,
    `${topology.nginx.length} nginx (${nginx.method}, max_fails=${nginx.max_fails} fail_timeout=${nginx.fail_timeout}s)`,
  ];
}

function counterFacts({ redis, rules }: Scenario): string[] {
  return [
    `Redis: ${trimmed(redis.callUs, 1)} µs a call + ${trimmed(redis.itemUs, 1)} µs an item`,
    `batches of ${rules.batchMax}, ${rules.inflightMax} at once`,
    `timeout ${duration(rules.callTimeoutMs)}`,
    `the word "sold out" is good for ${duration(rules.pollMs)}`,
  ];
}

function orderFacts({ orders, payments, healing }: Scenario): string[] {
  return [
    `${plural(orders.workers, "worker")}, batches of ${orders.batchMax}`,
    `payments delivered again after ${duration(payments.redeliverMs)}`,
    `everything settled ${duration(healing.boundMs)} after the last hold`,
  ];
}

function range(value: Drawn): string {
  return typeof value === "number"
    ? duration(value)
    : `${duration(value.least)} to ${duration(value.most)}`;
}
