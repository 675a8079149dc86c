/** S0: where the report comes from. */
import { grouped } from "../../../sim/cli/text/format.ts";
import { commandBlock, paragraph, section, table } from "../blocks.ts";
import type { Context } from "../context.ts";
import type { Report, Section } from "../schema.ts";

export function provenanceSection(
  { subject, calibration, effort, command, findings }: Context,
  { version, configurationHash, seed, sales }: Report["provenance"],
): Section {
  const rough = effort.quick
    ? [
        paragraph(
          `ROUGH: made with --quick. Every sale is a small one (${grouped(effort.sweepTickets)} tickets, ` +
            `${grouped(effort.sweepBuyers)} buyers), and few were run: nothing here is decided.`,
        ),
      ]
    : [];
  return section("S0", "Where this comes from", [
    ...rough,
    table(
      "The same scenario, seed and calibration give the same files, byte for byte.",
      ["What", "Value"],
      [
        ["scenario", `${subject.name}: ${subject.scenario.description}`],
        ["seed of the report", seed],
        ["program", version],
        ["configuration hash", configurationHash],
        ["sales simulated", grouped(sales)],
        ["seeds of the answer", `${findings.answer.base.length}, listed in seeds.csv`],
        ["calibration", `${calibration.status}: ${calibration.text}`],
      ],
    ),
    commandBlock(command),
  ]);
}
