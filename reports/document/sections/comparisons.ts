/** S9 to S11: payment waves, strategies, sensitivity. */
import { duration, plural } from "../../../sim/cli/text/format.ts";
import { MEASURES } from "../../experiments/measures.ts";
import { LEVEL } from "../../statistics/holm.ts";
import { plotBlock, section, table } from "../blocks.ts";
import type { Context } from "../context.ts";
import { amount, withInterval, withUnit } from "../numbers.ts";
import type { Section } from "../schema.ts";

export function wavesSection({ findings, replay }: Context): Section {
  return section("S9", "Payment waves", [
    plotBlock("P13"),
    table(
      "Paid share of the tickets by the end of each wave; a wave is a hold and its grace.",
      [
        "Do not pay#",
        "Timeout#",
        "Wave lasts#",
        "Wave 0#",
        "Wave 1#",
        "Wave 2#",
        "Wave 3#",
        "Command",
      ],
      findings.waves.map(({ noShow, holdMs, waveMs, paidShare, cell }) => [
        withUnit(noShow, "share"),
        duration(holdMs),
        duration(waveMs),
        ...paidShare.map((share) => withUnit(share.mean, "share")),
        replay(cell),
      ]),
    ),
  ]);
}

export function strategiesSection({ findings, replay }: Context): Section {
  const { results, comparisons } = findings.strategies;
  return section("S10", "Three strategies", [
    plotBlock("P14"),
    table(
      "Means over the same seeds.",
      [
        "Strategy",
        "DB statements per ticket#",
        "Not paid#",
        "Payers to refund#",
        "Oversold#",
        "p99 ticket#",
        "Without answer#",
        "Seeds#",
        "Command",
      ],
      results.map(({ strategy, estimates, seeds, cell }) => [
        strategy,
        withInterval(estimates.statementsPerTicket!, ""),
        withInterval(estimates.unpaid!, ""),
        withInterval(estimates.refunds!, ""),
        withInterval(estimates.oversold!, ""),
        withInterval(estimates.winnerP99Ms!, "ms"),
        withUnit(estimates.errorShare!.mean, "share"),
        String(seeds),
        replay(cell),
      ]),
    ),
    table(
      `Differences to pre-deduct, seed by seed; p values by Holm over all of them. Marked * below ${LEVEL}.`,
      ["Strategy", "Measure", "Difference#", "± (95 %)#", "Holm p#", ""],
      comparisons.map(({ strategy, measure, difference, adjustedP }) => {
        const { label, unit } = MEASURES[measure];
        if (difference === null || adjustedP === null) return [strategy, label, "–", "–", "–", ""];
        return [
          strategy,
          label,
          withUnit(difference.mean, unit),
          Number.isFinite(difference.halfWidth) ? withUnit(difference.halfWidth, unit) : "–",
          adjustedP < 0.0001 ? "< 0.0001" : String(Number(adjustedP.toPrecision(2))),
          adjustedP < LEVEL ? "*" : "",
        ];
      }),
    ),
  ]);
}

export function sensitivitySection({ findings, replay }: Context): Section {
  const { inputs, measure, base, seeds } = findings.sensitivity;
  const { label, unit } = MEASURES[measure];
  return section("S11", "Sensitivity", [
    plotBlock("P15"),
    table(
      `${label}: ${withUnit(base, unit)} as it is; ${plural(seeds, "seed")}, the same for all. Marked *: more than chance (paired t test, Holm over all, below 0.05).`,
      ["Input", "As it is#", "20 % lower gives#", "20 % higher gives#", "Command (higher)"],
      inputs.map(({ input, value, atLow, atHigh, marked, cells }) => [
        input,
        amount(value),
        `${withUnit(atLow, unit)}${marked[0] ? " *" : ""}`,
        `${withUnit(atHigh, unit)}${marked[1] ? " *" : ""}`,
        replay(cells[1]),
      ]),
    ),
  ]);
}
