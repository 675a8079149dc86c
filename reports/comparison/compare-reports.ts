/** Two reports side by side: what changed by more than chance. */
import { meaningOf, MEASURE_NAMES } from "../experiments/measures.ts";
import type { Measure } from "../experiments/measures.ts";
import type { Report, ReportCell } from "../document/schema.ts";
import { holm, LEVEL } from "../statistics/holm.ts";
import { pairedDifference, unpairedDifference } from "../statistics/paired.ts";
import type { Difference } from "../statistics/paired.ts";

export interface ComparedMeasure {
  readonly experiment: string;
  readonly strategy: string;
  readonly settings: readonly string[];
  readonly measure: Measure;
  readonly meanA: number;
  readonly meanB: number;
  /** Of b - a, in the measure's unit; of the logarithms for quantiles of latency. */
  readonly difference: Difference;
  /** By Holm, over all comparisons of the two reports. */
  readonly adjustedP: number;
  readonly changed: boolean;
  /** So few sales that no difference could be marked among so many comparisons, however large. */
  readonly tooFew: boolean;
}

export interface Comparison {
  readonly measures: readonly ComparedMeasure[];
  /** Cells that only one of them ran. */
  readonly onlyA: number;
  readonly onlyB: number;
}

/** A t test needs some spread on both sides. */
const SALES_LEAST = 2;

/** Cells with the same settings are compared, seed by seed where the seeds are the same. */
export function compareReports(a: Report, b: Report): Comparison {
  const cellsB = new Map(b.cells.map((cell) => [keyOf(cell), cell]));
  const common = a.cells.filter((cell) => cellsB.has(keyOf(cell)));
  const compared = common.flatMap((cell) =>
    MEASURE_NAMES.flatMap((measure) => compareMeasure(cell, cellsB.get(keyOf(cell))!, measure)),
  );
  const adjusted = holm(compared.map(({ difference }) => difference.p));
  // Where all of them differ as much as they can, Holm leaves each the best chance it has.
  const best = holm(compared.map(({ difference }) => difference.leastP));
  return {
    measures: compared.map((one, i) => ({
      ...one,
      adjustedP: adjusted[i],
      changed: adjusted[i] < LEVEL,
      tooFew: best[i] >= LEVEL,
    })),
    onlyA: a.cells.length - common.length,
    onlyB: b.cells.length - common.length,
  };
}

function keyOf({ strategy, settings }: ReportCell): string {
  return JSON.stringify([strategy, ...settings]);
}

function compareMeasure(a: ReportCell, b: ReportCell, measure: Measure) {
  const logarithmic = meaningOf(measure).logarithmic === true;
  const scaled = (value: number): number => (logarithmic ? Math.log(value) : value);
  const valuesOf = ({ runs }: ReportCell): Map<string, number> =>
    new Map(
      runs.flatMap(({ seed, values }): [string, number][] => {
        const value = values[measure] ?? null;
        return value === null || (logarithmic && value <= 0) ? [] : [[seed, value]];
      }),
    );
  const inA = valuesOf(a);
  const inB = valuesOf(b);
  const seeds = [...inA.keys()].filter((seed) => inB.has(seed));
  const paired = seeds.length >= SALES_LEAST;
  if (!paired && (inA.size < SALES_LEAST || inB.size < SALES_LEAST)) return [];
  const left = paired ? seeds.map((seed) => inA.get(seed)!) : [...inA.values()];
  const right = paired ? seeds.map((seed) => inB.get(seed)!) : [...inB.values()];
  const test = paired ? pairedDifference : unpairedDifference;
  return [
    {
      experiment: a.experiment,
      strategy: a.strategy,
      settings: a.settings,
      measure,
      meanA: mean(left),
      meanB: mean(right),
      difference: test(left.map(scaled), right.map(scaled)),
    },
  ];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
