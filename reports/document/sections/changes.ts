/** S12: what would change the answer. */
import { grouped, plural } from "../../../sim/cli/text/format.ts";
import { MEASURES } from "../../experiments/measures.ts";
import { list, section } from "../blocks.ts";
import type { Context } from "../context.ts";
import { amount, withUnit } from "../numbers.ts";
import type { Section } from "../schema.ts";

/** What would change the answer: each line follows from a number of this report. */
export function changesSection(context: Context): Section {
  const { findings, scenario, calibration } = context;
  const { capacity, servers, buffers, sensitivity, answer } = findings;
  const own = scenario.buyers.ratePerSecond;
  const items: string[] = [];
  if (capacity.kneePerSecond !== null)
    items.push(
      capacity.beyondPerSecond === null
        ? `More buyers a second: nothing breaks up to ${grouped(capacity.kneePerSecond)} (${amount(capacity.kneePerSecond / own)} times the scenario's rate).`
        : `More than ${grouped(capacity.kneePerSecond)} buyers a second (${amount(capacity.kneePerSecond / own)} times the scenario's rate): at ${grouped(capacity.beyondPerSecond)} a limit breaks.`,
    );
  if (servers.threshold.passes !== null)
    items.push(
      `Fewer than ${grouped(servers.threshold.passes)} servers with ${plural(servers.deaths, "death")}; the scenario has ${scenario.servers.count}.`,
    );
  items.push(
    `Refill turned off: then a buffer below ${buffers.boundFull} per server leaves tickets unsold when ${plural(buffers.deaths, "server")} die at the start.`,
  );
  const [first] = sensitivity.inputs;
  if (first !== undefined && first.atHigh !== null && sensitivity.base !== null)
    items.push(
      `A wrong value of ${first.input}: a fifth more moves the ${MEASURES[sensitivity.measure].label} from ${withUnit(sensitivity.base, "ms")} to ${withUnit(first.atHigh, "ms")}.`,
    );
  for (const { verdict, text, reason } of answer.requirements)
    if (verdict === "UNDECIDED") items.push(`More sales: "${text}" is undecided (${reason}).`);
  if (calibration.status !== "VALID")
    items.push(
      "A calibration: all milliseconds here follow from assumed service times, so only ratios between them can be relied on.",
    );
  return section("S12", "What would change this answer", [list(items)]);
}
