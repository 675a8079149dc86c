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
/** The rush gets a chart of its own if it fills less than this share of the run. */
const ZOOM_SHARE = 1 / 4;
/** Closer than this, the samples of the series would show as stairs. */
const ZOOM_BINS_LEAST = 16;

/** One chart of the whole run, and before it one of the rush if that would be too narrow in it. */
export function stockCharts(
  config: RunConfig,
  result: SimulationResult,
  topology: Topology,
  paint: Paint,
): string[] {
  const { stock, virtualSeconds, faults } = result;
  const wholeMs = Math.max(virtualSeconds * 1000, stock.binMs);
  const rushMs = Math.max(rushEndMs(config, stock), stock.binMs * ZOOM_BINS_LEAST);
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

/**
 * The rush ends a while after the last first-time buyer has come; or, where nearly all tickets were
 * taken long before that, a while after the sell-out.
 */
function rushEndMs({ scenario: { buyers } }: RunConfig, stock: StockSeries): number {
  const taken = stock.held.map((held, bin) => held + stock.confirmed[bin]);
  const most = taken.reduce((a, b) => Math.max(a, b), 0);
  const soldOutMs = (taken.findIndex((count) => count >= most * 0.99) + 1) * stock.binMs;
  const arrivalMs = (buyers.count / buyers.ratePerSecond) * 1000;
  return Math.min(arrivalMs * 1.25, soldOutMs * 10);
}

function stockChart(
  { stock, tickets }: SimulationResult,
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
  for (let column = 0; column < axis.columns; column += 1) {
    const endMs = axis.fromMs + ((column + 1) / axis.columns) * (axis.toMs - axis.fromMs);
    const bin = Math.min(Math.ceil(endMs / stock.binMs), stock.held.length) - 1;
    const confirmed = stock.confirmed[bin] ?? 0;
    if (confirmed >= threshold) row += CONFIRMED;
    else row += confirmed + (stock.held[bin] ?? 0) >= threshold ? HELD : " ";
  }
  return row
    .trimEnd()
    .replace(/█+/gu, (cells) => paint("green", cells))
    .replace(/░+/gu, (cells) => paint("cyan", cells));
}
