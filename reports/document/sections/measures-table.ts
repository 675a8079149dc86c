/** Measures of the answer's sales as a table. */
import { MEASURES } from "../../experiments/measures.ts";
import type { Measure } from "../../experiments/measures.ts";
import { estimateOf } from "../../experiments/limits.ts";
import { table } from "../blocks.ts";
import type { Context } from "../context.ts";
import { interval, withUnit } from "../numbers.ts";
import type { Block } from "../schema.ts";

/** Rows of measures of the answer's sales. */
export function measuresTable(
  context: Context,
  legend: string,
  measures: readonly Measure[],
): Block {
  const { base } = context.findings.answer;
  return table(
    legend,
    ["Measure", "Mean#", "95 % interval#", "Next sale, most#", "Least#", "Most#"],
    measures.map((measure) => {
      const { label, unit } = MEASURES[measure];
      const { mean, low, high, nextHigh, least, most } = estimateOf(measure, base);
      return [
        label,
        withUnit(mean, unit),
        interval(low, high, unit),
        withUnit(nextHigh, unit),
        withUnit(least, unit),
        withUnit(most, unit),
      ];
    }),
  );
}
