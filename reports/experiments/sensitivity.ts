/** Which input matters: each of them a fifth up and a fifth down, on the same seeds. */
import type { Scenario } from "../../sim/scenario/schema.ts";
import { holm, LEVEL } from "../statistics/holm.ts";
import { pairedDifference, salesNeeded } from "../statistics/paired.ts";
import { cellOf } from "./cell.ts";
import type { Cell } from "./cell.ts";
import type { Lab } from "./lab.ts";
import { meaningOf } from "./measures.ts";
import type { Measure } from "./measures.ts";
import type { Sale } from "./run-sale.ts";
import { estimateOf } from "./limits.ts";
import { smallSale, withServers } from "./sweep-cells.ts";

export interface Sensitivity {
  readonly input: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly cells: readonly [Cell, Cell];
  /** The response with the input lowered and raised; null: no value. */
  readonly atLow: number | null;
  readonly atHigh: number | null;
  /** Whether each of them differs from the base by more than chance. */
  readonly marked: readonly [boolean, boolean];
}

export interface SensitivityResult {
  readonly measure: Measure;
  readonly base: number | null;
  readonly baseCell: Cell;
  readonly seeds: number;
  readonly inputs: readonly Sensitivity[];
}

const STEP = 0.2;

export async function findSensitivity(lab: Lab): Promise<SensitivityResult> {
  const { scenario, effort } = lab;
  const varied = inputsOf(scenario, effort.sweepBuyers);
  // With fewer no difference could be told from chance among so many.
  const seeds = effort.quick ? 1 : salesNeeded(2 * varied.length, LEVEL, true);
  const baseCell = cellOf(smallSale(effort));
  const baseSales = await lab.sales(baseCell, seeds);
  const measure: Measure =
    estimateOf("winnerP99Ms", baseSales).count > 0 ? "winnerP99Ms" : "sellOutMs";
  const tested = async (cell: Cell): Promise<Response> => {
    const sales = await lab.sales(cell, seeds);
    return { mean: estimateOf(measure, sales).mean, p: pairedP(measure, baseSales, sales) };
  };
  const inputs = await Promise.all(
    varied.map(async ({ input, value, settings, whole }) => {
      const change = (factor: number): number =>
        whole ? Math.max(1, Math.round(value * factor)) : Number((value * factor).toPrecision(6));
      const cells = [change(1 - STEP), change(1 + STEP)].map((changed) =>
        cellOf({ ...smallSale(effort), ...settings(changed) }),
      ) as [Cell, Cell];
      const responses = (await Promise.all(cells.map(tested))) as [Response, Response];
      return { input, value, low: change(1 - STEP), high: change(1 + STEP), cells, responses };
    }),
  );
  const adjusted = holm(inputs.flatMap(({ responses }) => responses.map(({ p }) => p)));
  const judged = inputs.map(({ responses: [atLow, atHigh], ...input }, i): Sensitivity => ({
    ...input,
    atLow: atLow.mean,
    atHigh: atHigh.mean,
    marked: [adjusted[2 * i] < LEVEL, adjusted[2 * i + 1] < LEVEL],
  }));
  const base = estimateOf(measure, baseSales).mean;
  const reach = ({ atLow, atHigh }: Sensitivity): number =>
    Math.max(Math.abs((atLow ?? 0) - (base ?? 0)), Math.abs((atHigh ?? 0) - (base ?? 0)));
  return { measure, base, baseCell, seeds, inputs: judged.toSorted((a, b) => reach(b) - reach(a)) };
}

interface Response {
  readonly mean: number | null;
  /** Of "it is the same as the base", seed by seed. */
  readonly p: number;
}

/** By the logarithms where the measure is compared by them; 1 if some sale has no value. */
function pairedP(measure: Measure, base: readonly Sale[], changed: readonly Sale[]): number {
  const scale = (value: number): number =>
    meaningOf(measure).logarithmic === true ? Math.log(value) : value;
  const valuesOf = (sales: readonly Sale[]): number[] =>
    sales.flatMap(({ values }) => (values[measure] === null ? [] : [scale(values[measure])]));
  const [a, b] = [valuesOf(base), valuesOf(changed)];
  return a.length < base.length || b.length < changed.length ? 1 : pairedDifference(a, b).p;
}

interface Input {
  readonly input: string;
  readonly value: number;
  readonly whole: boolean;
  readonly settings: (
    value: number,
  ) => Record<string, number | readonly unknown[] | string | boolean>;
}

function inputsOf(scenario: Scenario, buyersCount: number): Input[] {
  const { buyers, servers, redis, nginx, orders, lvs, rules } = scenario;
  return [
    field("buyers.ratePerSecond", buyers.ratePerSecond),
    field("buyers.count", buyersCount, true),
    field("buyers.noShow", buyers.noShow),
    {
      input: "servers.count",
      value: servers.count,
      whole: true,
      settings: (changed: number) => withServers(scenario, changed),
    },
    field("servers.serviceUs", servers.serviceUs),
    field("servers.buffer", servers.buffer, true),
    field("nginx.serviceUs", nginx.serviceUs),
    field("redis.callUs", redis.callUs),
    field("redis.itemUs", redis.itemUs),
    field("redis.linkUs", redis.linkUs),
    field("rules.pollMs", rules.pollMs),
    field("orders.transactionUs", orders.transactionUs),
    field("lvs.packetUs", lvs.packetUs),
  ].filter(({ value }) => value > 0);
}

/** One field of the scenario. */
function field(path: string, value: number, whole = false): Input {
  return { input: path, value, whole, settings: (changed) => ({ [path]: changed }) };
}
