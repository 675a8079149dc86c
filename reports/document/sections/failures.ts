/** S7: what deaths and lost sites cost, and the buffer against them. */
import { grouped, plural } from "../../../sim/cli/text/format.ts";
import { estimateOf, limitsOf, meets } from "../../experiments/limits.ts";
import { dying, edgeText, sizeText } from "./answer.ts";
import { commandBlock, paragraph, plotBlock, section, table } from "../blocks.ts";
import type { Context } from "../context.ts";
import { withInterval, withUnit } from "../numbers.ts";
import type { Block, Section } from "../schema.ts";

export function failuresSection(context: Context): Section {
  const { findings, scenario, replay } = context;
  const { servers, buffers, answer } = findings;
  const limits = limitsOf(scenario);
  const { measured } = buffers;
  return section("S7", "Stock and failures", [
    plotBlock("P7"),
    paragraph(
      `Smallest number of ticket servers in the sweep while ${dying(servers.deaths)}: ` +
        `${sizeText(servers.threshold, "servers")} (${edgeText(servers.threshold)}); undisturbed ` +
        `${sizeText(servers.undisturbed, "servers")} (${edgeText(servers.undisturbed)}).`,
    ),
    commandBlock(replay(servers.cell)),
    ...fullSizeTable(context),
    plotBlock("P8"),
    paragraph(
      `Smallest buffer that sells all ${grouped(buffers.tickets)} tickets when ${dying(buffers.deaths)} ` +
        `before the first sale: with refill off ${sizeText(measured.off, "per server")} (${edgeText(measured.off)}; ` +
        `the bound says ${buffers.bound}), with refill on demand ${sizeText(measured["on-demand"], "per server")} ` +
        `(${edgeText(measured["on-demand"])}).`,
    ),
    commandBlock(replay(buffers.answerCells[scenario.quota.refill])),
    plotBlock("P9"),
    plotBlock("P10"),
    table(
      "Tickets that nobody has, by cause.",
      ["Cause", "Tickets per sale#", "Cured by", "Seeds#", "Command"],
      buffers.stranded.map(({ cause, tickets, cure, cell }) => [
        cause,
        withInterval(tickets, ""),
        cure,
        String(tickets.count),
        replay(cell),
      ]),
    ),
    table(
      "What failures cost, at the size of the answer.",
      [
        "What fails",
        "Sales#",
        "Kept every limit#",
        "Sell-out#",
        "p99 ticket#",
        "Undersold#",
        "Without answer#",
        "Command",
      ],
      (
        [
          ["the scenario's own faults", answer.base, answer.baseCell],
          [`${plural(servers.deaths, "server")} for good`, answer.deaths, answer.deathsCell],
          ...(answer.sitesCell === null
            ? []
            : [
                [
                  `${plural(Math.max(1, scenario.slo.sites), "site")} of ${scenario.sites.length} for good`,
                  answer.sites,
                  answer.sitesCell,
                ] as const,
              ]),
        ] as const
      ).map(([what, sales, cell]) => [
        what,
        String(sales.length),
        String(sales.filter((sale) => meets(sale, limits)).length),
        withInterval(estimateOf("sellOutMs", sales), "ms"),
        withInterval(estimateOf("winnerP99Ms", sales), "ms"),
        withUnit(estimateOf("undersold", sales).mean, ""),
        withUnit(estimateOf("errorShare", sales).mean, "share"),
        replay(cell),
      ]),
    ),
  ]);
}

function fullSizeTable({ findings, replay }: Context): Block[] {
  if (findings.fullSize.length === 0) return [];
  return [
    table(
      `Servers and buffer together on the whole sale, while ${dying(findings.servers.deaths)} in the rush.`,
      ["Servers#", "Buffer#", "Sales#", "Kept every limit#", "Redis at its peak#", "Command"],
      findings.fullSize.map((trial) => [
        grouped(trial.servers),
        grouped(trial.buffer),
        String(trial.sales.length),
        String(trial.passed),
        withInterval(trial.redisPeakPerSecond, "/s"),
        // A sale that missed a limit, if there is one.
        replay(trial.cell, trial.missedSeed ?? undefined),
      ]),
    ),
  ];
}
