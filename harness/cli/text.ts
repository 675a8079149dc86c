/** A run on real parts as people read it. */
import { duration, grouped, percent, plural } from "../../sim/cli/text/format.ts";
import { latenciesText } from "../../sim/cli/text/latencies.ts";
import { facts, paragraph } from "../../sim/cli/text/layout.ts";
import { invariantsText, saleText } from "../../sim/cli/text/outcome.ts";
import type { Paint } from "../../sim/cli/text/paint.ts";
import { stockCharts } from "../../sim/cli/text/stock-chart.ts";
import type { RunConfig } from "../../sim/result.ts";
import { deathsCovered, weightsOf } from "../../sim/scenario/slices.ts";
import { buildTopology } from "../../sim/world/topology.ts";
import type { Parts } from "../session/play.ts";
import type { Split } from "../session/split.ts";
import type { RealResult } from "../verdict/result.ts";

const LABEL_WIDTH = 10;

/** What is about to run. */
export function plannedText({ scenario, seed, strategy }: RunConfig, paint: Paint): string[] {
  const { sale, buyers, servers, quota, nginx, orders } = scenario;
  const deaths = deathsCovered(scenario);
  return [
    paint("bold", `scenario ${scenario.name} · seed ${seed} · ${strategy} · on real parts`),
    ...(scenario.description === "" ? [] : paragraph(scenario.description)).map((line) =>
      paint("dim", line),
    ),
    "",
    ...facts(
      "sale",
      [
        plural(sale.tickets, "ticket"),
        `held ${duration(sale.holdMs)} unpaid, swept ${duration(sale.graceMs)} later`,
        sale.maxPerBuyer === 0 ? "any number a buyer" : `at most ${sale.maxPerBuyer} a buyer`,
      ],
      LABEL_WIDTH,
    ),
    ...facts(
      "buyers",
      [
        `${grouped(buyers.count)}, ${grouped(buyers.ratePerSecond)} a second`,
        ...share(buyers.noShow, "never pay"),
        ...share(buyers.cancel, "give back"),
        ...share(buyers.doubleClick, "click twice"),
      ],
      LABEL_WIDTH,
    ),
    ...facts(
      "servers",
      [
        plural(servers.count, "process", "processes"),
        `buffer ${grouped(servers.buffer)}`,
        deaths < 0
          ? "too small for all tickets, even with every server alive"
          : `slices and buffers cover ${plural(deaths, "dead server")}`,
        `refill ${quota.refill}`,
      ],
      LABEL_WIDTH,
    ),
    ...facts(
      "nginx",
      [
        plural(buildTopology(scenario).nginx.length, "process", "processes"),
        nginx.method,
        `weights ${weightsOf(scenario).join(":")}`,
        `max_fails=${nginx.max_fails} fail_timeout=${nginx.fail_timeout}s`,
      ],
      LABEL_WIDTH,
    ),
    ...facts("orders", [plural(orders.workers, "worker")], LABEL_WIDTH),
  ];
}

function share(part: number, what: string): string[] {
  return part > 0 ? [`${percent(part)} ${what}`] : [];
}

/** How nginx spread the thousand requests. */
export function splitText(split: Split, paint: Paint): string[] {
  const { requests, perServer, expected, whyInexact, ok } = split;
  const counts = (isAsked: boolean): string =>
    perServer
      .filter((server) => server.isAsked === isAsked)
      .map(({ port, requests: got }) => `${port}: ${grouped(got)}`)
      .join(" · ");
  const wanted = expected?.filter((_, server) => perServer[server].isAsked);
  const verdict =
    wanted === undefined
      ? paint("dim", `(${whyInexact})`)
      : ok
        ? paint("green", "✓ exactly by weight")
        : paint("red", `✗ expected ${wanted.join(", ")}`);
  const others = counts(false);
  return [
    `${paint("bold", `Split of ${grouped(requests)} requests by port`)}  ${verdict}`,
    `  ${counts(true)}`,
    ...(others === "" ? [] : [paint("dim", `  behind other fronts, not asked: ${others}`)]),
  ];
}

/** What happened, and whether it was right. */
export function playedText(
  config: RunConfig,
  result: RealResult,
  parts: Parts,
  paint: Paint,
): string[] {
  const charted = { ...result, virtualSeconds: result.seconds };
  return [
    ...stockCharts(config, charted, buildTopology(config.scenario), paint),
    "",
    ...saleText(result, measuredText(result), paint),
    "",
    ...latenciesText(result.latencies, paint),
    paint("dim", `  buyers came at most ${duration(result.latenessMsMax)} later than planned`),
    "",
    ...invariantsText(result.invariants, paint),
    "",
    ...verdictText(result, paint),
    paint(
      "dim",
      `nginx ${parts.nginx}${parts.orderDatabase === null ? "" : ` · ${parts.orderDatabase}`}`,
    ),
  ];
}

/** What only a run on real parts has to tell of a sale. */
function measuredText(result: RealResult): string[] {
  const perTicket: readonly (readonly [number | null, string])[] = [
    [result.counterCallsPerTicket, "reservations asked for a ticket"],
    [result.counterScriptsPerTicket, "script calls a ticket"],
    [result.statementsPerTicket, "SQL statements a ticket"],
  ];
  return [
    ...perTicket.flatMap(([count, what]) =>
      count === null ? [] : [`${count.toFixed(2)} ${what}`],
    ),
    duration(result.seconds * 1000),
  ];
}

function verdictText(
  { verdict, invariants, pending, partial }: RealResult,
  paint: Paint,
): string[] {
  const still = pending.map((what) => `  still pending: ${what}`);
  if (partial) return [`${paint("yellow", "INTERRUPTED")}: this is how far it came`];
  if (verdict === "passed") return [paint("green", "PASSED")];
  if (verdict === "no-progress") return [paint("red", "NO PROGRESS"), ...still];
  const broken = invariants.filter(({ ok }) => !ok).map(({ name }) => name);
  return [paint("red", `VIOLATED: ${broken.join(", ")}`), ...still];
}
