/** S3: closed forms beside what was measured, invariants, determinism, calibration. */
import { quote } from "../../../sim/cli/replay.ts";
import { duration, grouped } from "../../../sim/cli/text/format.ts";
import { noneSeenBound } from "../../statistics/intervals.ts";
import { commandBlock, list, section, table } from "../blocks.ts";
import type { Context } from "../context.ts";
import { withInterval, withUnit } from "../numbers.ts";
import type { Section } from "../schema.ts";
import { calibrationBlocks } from "./calibration.ts";

export function beliefSection({ findings, calibration, scenario, subject }: Context): Section {
  const { answer, buffers, waves, runs } = findings;
  const sales = runs.flatMap((run) => run.sales);
  // Strategies that are shown for comparison break promises by design.
  const ours = runs
    .filter(({ cell }) => cell.strategy === "pre-deduct")
    .flatMap((run) => run.sales);
  const broken = ours.filter(({ values }) => values.brokenInvariants! > 0).length;
  const bufferRows = buffers.bounds.flatMap(({ deaths, buffer }) => {
    const at = buffers.map.find((cell) => cell.deaths === deaths && cell.buffer === buffer);
    const below = buffers.map
      .filter((cell) => cell.deaths === deaths && cell.buffer < buffer)
      .at(-1);
    if (at === undefined || buffer === 0) return [];
    const expected =
      below === undefined
        ? "–"
        : grouped(
            Math.max(
              0,
              Math.round(deaths * buffers.slice - (scenario.servers.count - deaths) * below.buffer),
            ),
          );
    return [
      [
        `unsold, ${deaths} dead at the start, buffer ${buffer}`,
        "0",
        withInterval(at.unsold, ""),
        String(at.seeds),
      ],
    ].concat(
      below === undefined
        ? []
        : [
            [
              `unsold, ${deaths} dead at the start, buffer ${below.buffer}`,
              expected,
              withInterval(below.unsold, ""),
              String(below.seeds),
            ],
          ],
    );
  });
  const waveRows = waves.map(({ noShow, holdMs, formula, paidShare, seeds }) => [
    `paid after one more wave, ${withUnit(noShow, "share")} do not pay, timeout ${duration(holdMs)}`,
    withUnit(formula[1], "share"),
    withInterval(paidShare[1], "share"),
    String(seeds),
  ]);
  return section("S3", "Why believe it", [
    table(
      "Arithmetic that needs no simulator (kS - (N - k)B for deaths before the first sale; 1 - ν^(w+1) for waves), beside what the sales of this report gave.",
      ["What", "Closed form#", "Measured#", "Seeds#"],
      [...bufferRows, ...waveRows],
    ),
    list([
      `Conservation (free + held + confirmed = all tickets), oversell and every invariant but undersell, which has a limit of its own, were checked in each of ${grouped(ours.length)} sales of pre-deduct: ${broken} broke one.` +
        (broken === 0
          ? ` So fewer than ${withUnit(noneSeenBound(ours.length), "share")} of such sales do, 95 % sure.`
          : ""),
      `Determinism: seeds.csv lists the trace hash of each of ${grouped(sales.length)} sales; its command gives the same again.`,
      `Queues against M/M/1, M/D/1, M/G/1, M/M/c, tandem and Little's law: npm run validate.`,
      `Simulator against real parts: ${calibration.text}`,
    ]),
    ...calibrationBlocks(calibration),
    commandBlock("npm run validate"),
    commandBlock(
      `npx tsx sim/run.ts --scenario ${quote(subject.name)} --check-determinism --seed ${answer.base[0].seed}`,
    ),
  ]);
}
