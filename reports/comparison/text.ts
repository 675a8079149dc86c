/** The comparison as text: the requirements and sizes of both, then what changed. */
import { plural } from "../../sim/cli/text/format.ts";
import { amount, withUnit } from "../document/numbers.ts";
import type { Report } from "../document/schema.ts";
import { MEASURES } from "../experiments/measures.ts";
import { LEVEL } from "../statistics/holm.ts";
import { salesNeeded } from "../statistics/paired.ts";
import type { ComparedMeasure, Comparison } from "./compare-reports.ts";

const SHOWN_MAX = 40;
const CHANGED = "changed";

export function comparisonText(a: Report, b: Report, comparison: Comparison): string {
  const { measures, onlyA, onlyB } = comparison;
  const changed = measures.filter((measure) => measure.changed);
  const tooFew = measures.filter((measure) => measure.tooFew).length;
  const biggest = changed.toSorted(
    (x, y) => x.adjustedP - y.adjustedP || relative(y) - relative(x),
  );
  const rows = headRows(a, b);
  return [
    `A: ${describe(a)}`,
    `B: ${describe(b)}`,
    "",
    ...columns([["", "A", "B", ""], ...rows]),
    ...(rows.some((row) => row.includes(CHANGED))
      ? [`"${CHANGED}" in this table is no test: the two read differently, which may be chance.`]
      : []),
    "",
    `${plural(measures.length, "measure")} of the same cells compared: ${changed.length} differ by more than chance ` +
      `(paired t where the seeds are the same, Holm over all, level ${LEVEL}).`,
    ...(tooFew === 0 ? [] : [tooFewText(tooFew, measures.length)]),
    ...(onlyA + onlyB === 0 ? [] : [`Not compared: ${onlyA} cells only in A, ${onlyB} only in B.`]),
    ...(biggest.length === 0
      ? []
      : ["", ...columns([HEAD, ...biggest.slice(0, SHOWN_MAX).map(rowOf)])]),
    ...(biggest.length > SHOWN_MAX
      ? [`and ${biggest.length - SHOWN_MAX} more (--json has all)`]
      : []),
    "",
  ].join("\n");
}

function tooFewText(tooFew: number, comparisons: number): string {
  const [paired, unpaired] = [true, false].map((paired) => salesNeeded(comparisons, LEVEL, paired));
  return (
    `${amount(tooFew)} of them come from too few sales to tell anything, however they differ: the first mark ` +
    `among so many takes ${paired} sales with the same seeds, or ${unpaired} on each side with different ones.`
  );
}

function describe({ provenance, verdict }: Report): string {
  const { scenario, seed, sales, configurationHash, version, quick } = provenance;
  return `${scenario}, seed ${seed}, ${sales} sales${quick ? ", ROUGH" : ""}: ${verdict} (${version}, configuration ${configurationHash})`;
}

function headRows(a: Report, b: Report): string[][] {
  return [
    row("verdict", a.verdict, b.verdict),
    ...a.requirements.map((requirement) => {
      const other = b.requirements.find(({ id }) => id === requirement.id);
      const text = ({ verdict, estimate, unit }: typeof requirement): string =>
        `${verdict} ${withUnit(estimate.mean, unit)}`;
      return row(requirement.text, text(requirement), other === undefined ? "–" : text(other));
    }),
    row("smallest number of servers", size(a.sizing.servers), size(b.sizing.servers)),
    row("tried at full size", tried(a), tried(b)),
    row(
      "smallest buffer, refill off",
      size(a.sizing.bufferRefillOff),
      size(b.sizing.bufferRefillOff),
    ),
    row(
      "smallest buffer, refill on demand",
      size(a.sizing.bufferRefillOnDemand),
      size(b.sizing.bufferRefillOnDemand),
    ),
    row(
      "knee",
      withUnit(a.sizing.arrivalsKneePerSecond, "/s"),
      withUnit(b.sizing.arrivalsKneePerSecond, "/s"),
    ),
  ];
}

function row(what: string, left: string, right: string): string[] {
  return [what, left, right, left === right ? "" : CHANGED];
}

function size({ fails, passes }: Report["sizing"]["servers"]): string {
  return passes === null ? `> ${fails}` : String(passes);
}

function tried({ sizing }: Report): string {
  const last = sizing.fullSize.at(-1);
  return last === undefined
    ? "–"
    : `${plural(last.servers, "server")}, buffer ${last.buffer}: ${last.seedsPassed} of ${last.seeds} passed`;
}

const HEAD = ["experiment", "measure", "A", "B", "change", "Holm p", "pairs", "settings"];

function rowOf(one: ComparedMeasure): string[] {
  const { label, unit } = MEASURES[one.measure];
  const change = one.meanA === 0 ? "from 0" : withSign((one.meanB / one.meanA - 1) * 100);
  return [
    one.strategy === "pre-deduct" ? one.experiment : `${one.experiment} (${one.strategy})`,
    label,
    withUnit(one.meanA, unit),
    withUnit(one.meanB, unit),
    change,
    one.adjustedP < 0.0001 ? "< 0.0001" : String(Number(one.adjustedP.toPrecision(2))),
    one.difference.pairs === 0 ? "unpaired" : String(one.difference.pairs),
    one.settings.join(" "),
  ];
}

function withSign(percent: number): string {
  return `${percent > 0 ? "+" : ""}${Number(percent.toPrecision(3))} %`;
}

function relative({ meanA, meanB }: ComparedMeasure): number {
  return meanA === 0 ? Infinity : Math.abs(meanB / meanA - 1);
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]))
      .join("  ")
      .trimEnd(),
  );
}
