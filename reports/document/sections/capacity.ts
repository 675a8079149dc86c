/** S6: load, its knee, and what more servers bring. */
import { grouped } from "../../../sim/cli/text/format.ts";
import { paragraph, plotBlock, section, table } from "../blocks.ts";
import type { Context } from "../context.ts";
import { withInterval, withUnit } from "../numbers.ts";
import type { Section } from "../schema.ts";

export function capacitySection({ findings, replay }: Context): Section {
  const { capacity, scaling } = findings;
  const { points, kneePerSecond, beyondPerSecond, crowdSeconds } = capacity;
  const answeredMost = Math.max(
    ...points.map(({ answersPerSecond }) => answersPerSecond.mean ?? 0),
  );
  const knee =
    kneePerSecond === null
      ? `Even ${grouped(points[0].ratePerSecond)} arrivals a second break a limit.`
      : beyondPerSecond === null
        ? `Every rate tried keeps every limit, up to ${grouped(kneePerSecond)} a second: the knee lies beyond.`
        : `The knee lies between ${grouped(kneePerSecond)} (keeps every limit) and ${grouped(beyondPerSecond)} arrivals a second (does not).`;
  return section("S6", "Capacity and knee", [
    paragraph(
      `${knee} That is of crowds that last ${crowdSeconds} s or more. At no rate more than ` +
        `${grouped(Math.round(answeredMost))}/s were answered while buyers arrived: whatever comes ` +
        "faster than that queues, and the longer it comes the longer the queues.",
    ),
    plotBlock("P5"),
    table(
      `${points[0].seeds} seeds for each rate, the same for all.`,
      [
        "Arrivals/s#",
        "Keeps every limit",
        "Answers/s#",
        "Without answer#",
        "p99 ticket#",
        "p99 sold-out#",
        "Command",
      ],
      points.map((point) => [
        grouped(point.ratePerSecond),
        point.passed ? "yes" : "no",
        withInterval(point.answersPerSecond, "/s"),
        withUnit(point.errorShare.mean, "share"),
        withInterval(point.winnerP99Ms, "ms"),
        withInterval(point.soldOutP99Ms, "ms"),
        replay(point.cell),
      ]),
    ),
    plotBlock("P6"),
    table(
      `When ${grouped(scaling.ratePerSecond)} buyers a second arrive.`,
      ["Servers#", "Tickets/s#", "Redis busy, busiest 100 ms#", "Seeds#", "Command"],
      scaling.points.map(({ servers, salesPerSecond, redisBusyShareMax, seeds, cell }) => [
        grouped(servers),
        withInterval(salesPerSecond, "/s"),
        withUnit(redisBusyShareMax.mean, "share"),
        String(seeds),
        replay(cell),
      ]),
    ),
  ]);
}
