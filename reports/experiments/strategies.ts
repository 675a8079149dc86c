/** The three strategies on the same buyers, compared seed by seed. */
import type { Estimate } from "../statistics/estimate.ts";
import { holm } from "../statistics/holm.ts";
import { pairedDifference } from "../statistics/paired.ts";
import type { Difference } from "../statistics/paired.ts";
import { cellOf } from "./cell.ts";
import type { Cell } from "./cell.ts";
import type { Lab } from "./lab.ts";
import type { Measure } from "./measures.ts";
import { estimateOf } from "./limits.ts";
import { smallSale } from "./sweep-cells.ts";

export const STRATEGIES = ["pre-deduct", "order-first", "pay-first"] as const;
export const COMPARED: readonly Measure[] = [
  "statementsPerTicket",
  "unpaid",
  "refunds",
  "oversold",
  "winnerP99Ms",
  "errorShare",
];

export interface StrategyResult {
  readonly strategy: string;
  readonly cell: Cell;
  readonly seeds: number;
  readonly estimates: Readonly<Partial<Record<Measure, Estimate>>>;
}

export interface StrategyComparison {
  readonly strategy: string;
  readonly measure: Measure;
  /** Against pre-deduct, on the same seeds; null: some sale has no value. */
  readonly difference: Difference | null;
  /** By Holm, over all comparisons. */
  readonly adjustedP: number | null;
}

export interface Strategies {
  readonly results: readonly StrategyResult[];
  readonly comparisons: readonly StrategyComparison[];
}

export async function compareStrategies(lab: Lab): Promise<Strategies> {
  const seeds = lab.effort.shareSeeds;
  const runs = await Promise.all(
    STRATEGIES.map(async (strategy) => {
      const cell = cellOf(smallSale(lab.effort), strategy);
      return { strategy, cell, sales: await lab.sales(cell, seeds) };
    }),
  );
  const [ours, ...others] = runs;
  const pairs = others.flatMap(({ strategy, sales }) =>
    COMPARED.map((measure) => {
      const a = ours.sales.map(({ values }) => values[measure]);
      const b = sales.map(({ values }) => values[measure]);
      const complete = [...a, ...b].every((value) => value !== null);
      const difference = complete ? pairedDifference(a as number[], b as number[]) : null;
      return { strategy, measure, difference };
    }),
  );
  const known = pairs.filter(({ difference }) => difference !== null);
  const adjusted = holm(known.map(({ difference }) => difference!.p));
  return {
    results: runs.map(({ strategy, cell, sales }) => ({
      strategy,
      cell,
      seeds,
      estimates: Object.fromEntries(
        COMPARED.map((measure) => [measure, estimateOf(measure, sales)]),
      ),
    })),
    comparisons: pairs.map((pair) => {
      const index = known.indexOf(pair);
      return { ...pair, adjustedP: index < 0 ? null : adjusted[index] };
    }),
  };
}
