/** Tickets sold over time, with the faults on the same axis. */
import type { RunConfig, SimulationResult, StockSeries } from "../../result.ts";
import type { Episode } from "../../faults/vocabulary.ts";
import type { Topology } from "../../world/topology.ts";
import { faultMarks } from "./fault-marks.ts";
import { duration, grouped } from "./format.ts";
import { WIDTH } from "./layout.ts";
import type { Paint } from "./paint.ts";
import { axisText } from "./time-axis.ts";
import type { TimeAxis } from "./time-axis.ts";

const ROWS = 8;
const CONFIRMED = "█";
const HELD = "░";
/** What of a result is drawn: a run on real parts has it too. */
export type ChartedResult = Pick<
  SimulationResult,
  "virtualSeconds" | "faults" | "stock" | "tickets"
>;

/** The rush gets a chart of its own if it fills less than this share of the run. */
const ZOOM_SHARE = 1 / 4;

/** One chart of the whole run, and before it one of the rush if that would be too narrow in it. */
export function stockCharts(
  config: RunConfig,
  result: ChartedResult,
  topology: Topology,
  paint: Paint,
): string[] {
  const { virtualSeconds, faults } = result;
  const wholeMs = Math.max(virtualSeconds * 1000, 1);
  const rushMs = rushEndMs(config);
  const legend = `${paint("green", CONFIRMED)} confirmed  ${paint("cyan", HELD)} held  × a fault`;
  const chart = (title: string, toMs: number, marked: readonly Episode[]): string[] => [
    `${paint("bold", title)}  ${legend}`,
    ...stockChart(result, toMs, (axis) => faultMarks(marked, topology, axis), paint),
  ];
  const whole = `Tickets over the whole ${duration(Math.round(wholeMs))}`;
  if (rushMs > wholeMs * ZOOM_SHARE) return chart(whole, wholeMs, faults);
  return [
    ...chart(`Tickets over the first ${duration(Math.round(rushMs))}`, rushMs, faults),
    "",
    ...chart(
      whole,
      wholeMs,
      faults.filter(({ atMs }) => atMs >= rushMs),
    ),
  ];
}

/** The rush ends a while after the last first-time buyer has come. */
function rushEndMs({ scenario: { buyers } }: RunConfig): number {
  return (buyers.count / buyers.ratePerSecond) * 1250;
}

function stockChart(
  { stock, tickets }: ChartedResult,
  toMs: number,
  marks: (axis: TimeAxis) => readonly string[],
  paint: Paint,
): string[] {
  const topLabel = grouped(tickets);
  const gutter = topLabel.length;
  const axis: TimeAxis = { fromMs: 0, toMs, columns: WIDTH - gutter - 3 };
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const threshold = (tickets * (ROWS - row - 0.5)) / ROWS;
    const label = row === 0 ? topLabel : "";
    return ` ${label.padStart(gutter)} │${chartRow(stock, axis, threshold, paint)}`;
  });
  const [line, labels] = axisText(axis);
  const indent = " ".repeat(gutter + 3);
  return [
    ...rows,
    ` ${"0".padStart(gutter)} └${line}`,
    `${indent}${labels}`,
    ...marks(axis).map((mark) => `${indent}${paint("yellow", mark)}`),
  ];
}

function chartRow(stock: StockSeries, axis: TimeAxis, threshold: number, paint: Paint): string {
  let row = "";
  let step = 0;
  for (let column = 0; column < axis.columns; column += 1) {
    const endMs = axis.fromMs + ((column + 1) / axis.columns) * (axis.toMs - axis.fromMs);
    while (step + 1 < stock.atMs.length && stock.atMs[step + 1] <= endMs) step += 1;
    const confirmed = stock.confirmed[step];
    if (confirmed >= threshold) row += CONFIRMED;
    else row += confirmed + stock.held[step] >= threshold ? HELD : " ";
  }
  return row
    .trimEnd()
    .replace(/█+/gu, (cells) => paint("green", cells))
    .replace(/░+/gu, (cells) => paint("cyan", cells));
}
