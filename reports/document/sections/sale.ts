/** S4 and S5: how a sale goes, and how long answers take. */
import { grouped } from "../../../sim/cli/text/format.ts";
import { quantileMs } from "../../statistics/merged-histogram.ts";
import { commandBlock, plotBlock, section, table } from "../blocks.ts";
import type { Context } from "../context.ts";
import { withUnit } from "../numbers.ts";
import { details, mergedLatencies } from "../plots-sale.ts";
import type { Section } from "../schema.ts";
import { measuresTable } from "./measures-table.ts";

export function demandSection(context: Context): Section {
  const { findings, replay } = context;
  const { base, baseCell } = findings.answer;
  return section("S4", "Demand and sell-out", [
    plotBlock("P1"),
    plotBlock("P2"),
    measuresTable(context, `Over ${base.length} sales under the scenario's own faults.`, [
      "sellOutMs",
      "salesPerSecond",
      "answersPerSecond",
      "winners",
      "soldOuts",
      "falseSoldOuts",
      "tryAgains",
      "errors",
      "unknown",
    ]),
    commandBlock(replay(baseCell)),
  ]);
}

export function latencySection({ findings, replay }: Context): Section {
  const { base, baseCell } = findings.answer;
  const rows = mergedLatencies(base).map(({ name, merged }) => [
    name,
    grouped(merged.count),
    ...[0.5, 0.9, 0.99, 0.999].map((p) => withUnit(quantileMs(merged, p), "ms")),
    withUnit(merged.buckets.length === 0 ? null : merged.buckets.at(-1)![0] / 1000, "ms"),
  ]);
  return section("S5", "Latency", [
    plotBlock("P3"),
    plotBlock("P4"),
    table(
      `All answers of ${details(base).length} sales merged, never averages of quantiles. A dash: fewer than ten answers lie beyond.`,
      ["Answer", "Answers#", "p50#", "p90#", "p99#", "p99.9#", "Most#"],
      rows,
    ),
    commandBlock(replay(baseCell)),
  ]);
}
