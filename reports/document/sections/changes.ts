/** S12: what would change the answer. */
import { grouped, plural } from "../../../sim/cli/text/format.ts";
import { answerOf } from "../../experiments/full-size.ts";
import type { Requirement } from "../../experiments/judgement.ts";
import { MEASURES } from "../../experiments/measures.ts";
import { dying } from "./answer.ts";
import { list, section } from "../blocks.ts";
import type { Context } from "../context.ts";
import { amount, withUnit } from "../numbers.ts";
import type { Section } from "../schema.ts";

/** What would make it a PASS: more sales only where they can. */
function cureOf({ text, verdict, reason, byMoreSales, worstSeeds }: Requirement): string {
  const cure = byMoreSales
    ? "more sales (--max-runs, report.replications) may decide it"
    : `more sales cannot make that a PASS; the worst is seed ${worstSeeds[0]}`;
  return `${verdict}, "${text}" (${reason}): ${cure}.`;
}

/** What would change the answer: each line follows from a number of this report. */
export function changesSection(context: Context): Section {
  const { findings, scenario, calibration, effort } = context;
  const { capacity, servers, fullSize, buffers, sensitivity, answer } = findings;
  const own = scenario.buyers.ratePerSecond;
  const items: string[] = [];
  if (capacity.kneePerSecond !== null)
    items.push(
      capacity.beyondPerSecond === null
        ? `More buyers a second (S6): nothing breaks up to ${grouped(capacity.kneePerSecond)} (${amount(capacity.kneePerSecond / own)} times the scenario's rate).`
        : `More than ${grouped(capacity.kneePerSecond)} buyers a second (${amount(capacity.kneePerSecond / own)} times the scenario's rate, S6) for ${capacity.crowdSeconds} s: at ${grouped(capacity.beyondPerSecond)} a limit breaks.`,
    );
  const tooFew = answerOf(servers, fullSize).fails;
  if (tooFew !== null)
    items.push(
      `As few as ${plural(tooFew, "server")} with ${plural(servers.deaths, "death")} (S7): they are not enough; the scenario has ${scenario.servers.count}.`,
    );
  items.push(
    `Refill turned off (S7): then a buffer below ${buffers.boundFull} per server leaves tickets unsold when ${dying(buffers.deaths)} at the start.`,
  );
  const [first] = sensitivity.inputs;
  if (first !== undefined && first.marked[1] && sensitivity.base !== null)
    items.push(
      `A wrong value of ${first.input} (S11): a fifth more moves the ${MEASURES[sensitivity.measure].label} from ${withUnit(sensitivity.base, "ms")} to ${withUnit(first.atHigh, "ms")}.`,
    );
  const open = answer.requirements.filter(({ verdict }) => verdict !== "PASS");
  if (effort.quick)
    items.push("A report without --quick: a rough one runs too few sales to decide anything.");
  items.push(...open.filter(({ byMoreSales }) => !(effort.quick && byMoreSales)).map(cureOf));
  if (calibration.status !== "VALID")
    items.push(
      "A calibration: all milliseconds here follow from assumed service times, so only ratios between them can be relied on.",
    );
  return section("S12", "What would change this answer", [list(items)]);
}
