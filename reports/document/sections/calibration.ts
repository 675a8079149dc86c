/** The calibration within S3: the host it ran on, what was frozen, predictions and measurements. */
import type { CalibrationFile } from "../../../harness/calibration/file.ts";
import { shown } from "../../../harness/calibration/host-checks.ts";
import { grouped } from "../../../sim/cli/text/format.ts";
import { commandBlock, paragraph, table } from "../blocks.ts";
import type { Context } from "../context.ts";
import { amount, withUnit } from "../numbers.ts";
import type { Block } from "../schema.ts";

export function calibrationBlocks({ file }: Context["calibration"]): Block[] {
  if (file === null) return [];
  const { checks, host, fragment, points } = file;
  return [
    table(
      `The host of the calibration: ${host.processor}, ${host.cores} cores, Node ${host.node}, ` +
        `load average ${amount(host.loadAverageBefore)} before and ` +
        `${amount(host.loadAverageAfter)} after, steal ${withUnit(host.stealShare, "share")}. ` +
        "If it fails one line, nothing that was measured counts.",
      ["Host", "Value#", "At most#", "Verdict"],
      checks.map(({ name, unit, value, limit, passed }) => [
        name,
        shown(value, unit),
        shown(limit, unit),
        passed ? "quiet enough" : "too noisy",
      ]),
    ),
    ...(fragment === null ? [] : [fragmentTable(file, fragment)]),
    ...(points.length === 0 ? [] : [pointTable(file)]),
    ...(file.status === "VALID" && file.spinUs > 0
      ? [
          paragraph(
            "What is calibrated is how response times and throughput follow from service times. The " +
              "scenario's own service times are not: they are far shorter than the declared spin, " +
              "and remain assumed. The requests were refusals, as 99 of 100 buyers get them: what a " +
              "reservation waits for Redis was not compared.",
          ),
        ]
      : []),
    commandBlock(file.command),
  ];
}

function fragmentTable(
  { serviceTimes }: CalibrationFile,
  { buyers, nginx, servers, redis }: NonNullable<CalibrationFile["fragment"]>,
): Block {
  const { quantiles } = servers.serviceLaw;
  const at = (share: number): string =>
    `${amount(quantiles[Math.round(share * (quantiles.length - 1))])} µs`;
  return table(
    `Measured at low load and then frozen; service times ${serviceTimes}.`,
    ["Key of the scenario", "Value"],
    [
      ["servers.serviceUs", `${amount(servers.serviceUs)} µs`],
      ["servers.serviceLaw", `empirical: p1 ${at(0.01)}, p50 ${at(0.5)}, p99 ${at(0.99)}`],
      ["nginx.serviceUs", `${amount(nginx.serviceUs)} µs`],
      ["buyers.networkMs, one way", `${amount(buyers.networkMs)} ms`],
      [
        "redis.linkUs, callUs, itemUs",
        `${redis.linkUs} µs, ${redis.callUs} µs, ${redis.itemUs} µs`,
      ],
    ],
  );
}

function pointTable({ points, requests, repeats, serviceTimes, seed }: CalibrationFile): Block {
  return table(
    `Predicted before it was measured, service times ${serviceTimes}: ${grouped(requests)} requests, ` +
      `${repeats} times, with the arrivals of seed ${seed}; the median of the repeats.`,
    ["Load#", "Measure", "Predicted#", "Measured#", "Error (allowed)#"],
    points.map(({ loadPercent, measure, unit, predicted, measured, error, band }) => [
      `${loadPercent} %`,
      measure,
      `${amount(predicted)} ${unit}`.trim(),
      `${amount(measured)} ${unit}`.trim(),
      `${shown(error, "share")} (${Math.abs(error) > band ? "outside " : ""}±${shown(band, "share")})`,
    ]),
  );
}
