/**
 * A run's topology as one SVG: what each link and machine carried before a fault and after it, and
 * what was out of service. No script, no external font; widths, numbers and hatching say
 * everything that colours say.
 */
import { duration, grouped } from "../cli/text/format.ts";
import type { RunConfig } from "../result.ts";
import { buildTopology } from "../world/topology.ts";
import type { Topology } from "../world/topology.ts";
import type { TrafficSample } from "../world/traffic.ts";
import { scaleOf } from "./amount.ts";
import type { Flow } from "./flow.ts";
import { MARGIN_PX, PAGE_WIDTH_PX, panelGeometry } from "./geometry.ts";
import { intervalsOf } from "./intervals.ts";
import type { Intervals } from "./intervals.ts";
import { drawLegend, LEGEND_HEIGHT_PX } from "./legend.ts";
import { nameOf, outagesAt } from "./outages.ts";
import type { Outages } from "./outages.ts";
import { drawPanel } from "./panel.ts";
import { PATTERNS, STYLE } from "./style.ts";
import { element, escape, fit, text, wrapPieces } from "./svg.ts";

const TITLE_HEIGHT_PX = 62;
/** From a panel's heading to its first line of notes, from line to line, and to the columns. */
const HEADING_PX = 22;
const NOTE_PX = 17;
const COLUMN_HEADINGS_PX = 28;
const PANEL_GAP_PX = 34;
/** More faults in force than this are counted, not named. */
const OUTAGES_TOLD_MAX = 16;

/**
 * The picture as an SVG document.
 * @param samples what the run recorded, at least two, in order of time
 */
export function topologyPicture(config: RunConfig, samples: readonly TrafficSample[]): string {
  const topology = buildTopology(config.scenario);
  const intervals = intervalsOf(config.plan, samples);
  const geometry = panelGeometry(topology);
  const scale = scaleOf(intervals.flows, geometry);
  let y = TITLE_HEIGHT_PX;
  const panels = intervals.flows.map((flow, i) => {
    const outages = outagesAt(config.plan, topology, flow.toMs);
    const notes = notesOf(flow, outages, topology, i === 0 ? null : intervals.notice);
    const headerPx = HEADING_PX + notes.length * NOTE_PX + COLUMN_HEADINGS_PX;
    const top = y + headerPx;
    y = top + geometry.heightPx + PANEL_GAP_PX;
    return element("g", { transform: `translate(0 ${top})` }, [
      text(MARGIN_PX, 14 - headerPx, headingOf(flow, intervals, i, topology), "heading"),
      ...notes.map((note, row) =>
        text(MARGIN_PX, 14 - headerPx + HEADING_PX + row * NOTE_PX, note, "label"),
      ),
      ...drawPanel({ topology, flow, outages, scale }, geometry),
    ]);
  });
  const heightPx = Math.ceil(y + LEGEND_HEIGHT_PX);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${PAGE_WIDTH_PX} ${heightPx}" width="${PAGE_WIDTH_PX}" height="${heightPx}">`,
    element("title", {}, [escape(`Traffic of ${config.scenario.name}, seed ${config.seed}`)]),
    STYLE,
    PATTERNS,
    element("rect", { class: "page", x: 0, y: 0, width: PAGE_WIDTH_PX, height: heightPx }),
    ...titleOf(config, intervals, topology),
    ...panels,
    element("g", { transform: `translate(0 ${y})` }, drawLegend(scale, intervals.flows[0].per)),
    "</svg>",
    "",
  ].join("\n");
}

function titleOf(
  { scenario, seed, strategy }: RunConfig,
  { fault }: Intervals,
  topology: Topology,
): string[] {
  const widthPx = PAGE_WIDTH_PX - 2 * MARGIN_PX;
  const title = `${scenario.name}: the way of ${grouped(scenario.buyers.count)} buyers`;
  const what =
    fault === null
      ? "requests while buyers arrived"
      : `requests per second before and after ${nameOf(fault, topology)} at ${duration(fault.atMs)}`;
  return [
    text(MARGIN_PX, 30, fit(title, widthPx, "title"), "title"),
    text(MARGIN_PX, 50, fit(`${what}; seed ${seed}, ${strategy}`, widthPx, "label"), "label"),
  ];
}

function headingOf(
  { fromMs, toMs }: Flow,
  { fault }: Intervals,
  index: number,
  topology: Topology,
): string {
  const interval = `${duration(fromMs)} to ${duration(toMs)}`;
  if (fault === null) return `All of the rush: ${interval}`;
  const when = index === 0 ? "Before" : "After";
  return fit(
    `${when} ${nameOf(fault, topology)}: ${interval}`,
    PAGE_WIDTH_PX - 2 * MARGIN_PX,
    "heading",
  );
}

function notesOf(
  { toMs }: Flow,
  { episodes }: Outages,
  topology: Topology,
  notice: Intervals["notice"],
): string[] {
  const widthPx = PAGE_WIDTH_PX - 2 * MARGIN_PX;
  const notes: string[] = [];
  if (notice !== null) {
    const lost = notice.lost === 0 ? "" : `; until then ${grouped(notice.lost)} requests were lost`;
    notes.push(`Noticed within ${duration(notice.withinMs)}${lost}.`);
  }
  if (episodes.length === 0) return [...notes, "Nothing is out of service."];
  const told = episodes
    .slice(0, OUTAGES_TOLD_MAX)
    .map((episode) => `${nameOf(episode, topology)} (${duration(episode.atMs)})`);
  const more = episodes.length - told.length;
  const pieces = more === 0 ? told : [...told, `and ${more} more`];
  pieces[0] = `Out of service at ${duration(toMs)}: ${pieces[0]}`;
  return [...notes, ...wrapPieces(pieces, widthPx, "label")];
}
