/** Tickets sold over time, with the faults on the same axis. */
import type { RunConfig, SimulationResult, StockSeries } from "../../result.ts";
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
/** The run is shown a second time, closer, if the rush fills less than this share of it. */
const ZOOM_SHARE = 1 / 4;
/** Empty time after the rush that is still shown, as a share of the rush. */
const ZOOM_MARGIN = 1 / 4;

/** One chart of the whole run, and before it one of the rush if that would be too narrow in it. */
export function stockCharts(
  config: RunConfig,
  result: SimulationResult,
  topology: Topology,
  paint: Paint,
): string[] {
  const { stock, virtualSeconds } = result;
  const wholeMs = Math.max(virtualSeconds * 1000, stock.binMs);
  const rushMs = rushEndMs(config, stock) * (1 + ZOOM_MARGIN);
  const spans = rushMs < wholeMs * ZOOM_SHARE ? [rushMs, wholeMs] : [wholeMs];
  return spans.flatMap((spanMs, i) => {
    const title = spans.length > 1 && i === 0 ? "the first" : "all";
    return [
      ...(i === 0 ? [] : [""]),
      `${paint("bold", `Tickets over time, ${title} ${duration(Math.round(spanMs))}`)}  ` +
        `${paint("green", CONFIRMED)} confirmed  ${paint("cyan", HELD)} held  × a fault begins`,
      ...stockChart(result, topology, spanMs, paint),
    ];
  });
}

/**
 * The rush ends when nearly all that is ever taken has been taken, or when the last first-time
 * buyer has come if that is not much later.
 */
function rushEndMs({ scenario: { buyers } }: RunConfig, stock: StockSeries): number {
  const taken = stock.held.map((held, bin) => held + stock.confirmed[bin]);
  const most = taken.reduce((a, b) => Math.max(a, b), 0);
  const soldOutMs = (taken.findIndex((count) => count >= most * 0.99) + 1) * stock.binMs;
  const arrivalMs = (buyers.count / buyers.ratePerSecond) * 1000;
  return arrivalMs < soldOutMs * 5 ? Math.max(arrivalMs, soldOutMs) : soldOutMs * 2;
}

function stockChart(
  { stock, tickets, faults }: SimulationResult,
  topology: Topology,
  toMs: number,
  paint: Paint,
): string[] {
  const topLabel = grouped(tickets);
  const gutter = Math.max(topLabel.length, 2);
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
    ` ${"0".padStart(gutter)} └${line}`.slice(0, WIDTH),
    `${indent}${labels}`,
    ...faultMarks(faults, topology, axis).map((mark) => `${indent}${paint("yellow", mark)}`),
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
