/** Machines of one kind at one site: boxes with their numbers, or a strip of cells. */
import { duration } from "../cli/text/format.ts";
import { amountText } from "./amount.ts";
import type { Scale } from "./amount.ts";
import type { Flow } from "./flow.ts";
import { BOX_HEIGHT_PX, rowMiddle } from "./geometry.ts";
import type { StationGroup } from "./geometry.ts";
import type { Outage } from "./outages.ts";
import { element, fit, group, line, text } from "./svg.ts";

/** What is known about the machines of one kind, by index in the topology. */
export interface Stations {
  readonly names: readonly string[];
  readonly amounts: readonly number[];
  readonly outages: ReadonlyMap<number, Outage>;
  readonly per: Flow["per"];
}

interface Column {
  readonly x: number;
  readonly width: number;
}

export function drawStations(
  geometry: StationGroup,
  stations: Stations,
  site: string,
  column: Column,
  scale: Scale,
): string[] {
  return geometry.kind === "boxes"
    ? drawBoxes(geometry, stations, site, column)
    : drawStrip(geometry, stations, column, scale);
}

function drawBoxes(
  geometry: StationGroup,
  stations: Stations,
  site: string,
  column: Column,
): string[] {
  return geometry.members.map((index, row) => {
    const amount = amountText(stations.amounts[index], stations.per);
    const outage = stations.outages.get(index) ?? null;
    const middle = rowMiddle(geometry, row);
    // The band says the site already.
    const name = stations.names[index].replace(`-${site}-`, " ");
    return group(`${stations.names[index]}: ${describe(amount, outage)}`, [
      ...drawBox(column, middle, name, amount, outage),
    ]);
  });
}

const CROSS_PX = 5;

/** A box with its name and one line more; one that is out of service is hatched and crossed out. */
export function drawBox(
  { x, width }: Column,
  middle: number,
  name: string,
  value: string,
  outage: Outage | null,
): string[] {
  const y = middle - BOX_HEIGHT_PX / 2;
  const frame = { x, y, width, height: BOX_HEIGHT_PX, rx: 3 };
  const second = outage === null ? value : outageText(outage);
  return [
    element("rect", { class: "box", ...frame }),
    ...(outage === null
      ? []
      : [
          element("rect", { class: "out", ...frame }),
          // On both sides of the name, where they strike out no letter.
          ...cross(x + CROSS_PX, y + CROSS_PX, CROSS_PX * 2),
          ...cross(x + width - CROSS_PX * 3, y + CROSS_PX, CROSS_PX * 2),
        ]),
    text(x + width / 2, middle - 4, fit(name, width - CROSS_PX * 8, "label"), "label", "middle"),
    text(x + width / 2, middle + 11, fit(second, width - 8, "value"), "value", "middle"),
  ];
}

/** "director-crash 12.034 s". */
export function outageText({ kind, sinceMs }: Outage): string {
  return `${kind} ${duration(sinceMs)}`;
}

function describe(amount: string, outage: Outage | null): string {
  return outage === null ? amount : `${outageText(outage)}, ${amount}`;
}

/** Cells with room for their number get it. */
const NUMBERED_PITCH_PX = 20;
export const HEAT_OPACITY_MAX = 0.7;

function drawStrip(
  { members, y, heightPx, pitchPx, perRow }: StationGroup,
  { names, amounts, outages, per }: Stations,
  { x, width }: Column,
  { cellMax }: Scale,
): string[] {
  const side = pitchPx - Math.max(1, pitchPx / 9);
  const cells = members.map((index, i) => {
    const left = x + (i % perRow) * pitchPx;
    const top = y + Math.floor(i / perRow) * pitchPx;
    const outage = outages.get(index) ?? null;
    const frame = { x: left, y: top, width: side, height: side };
    const heat = cellMax === 0 ? 0 : (amounts[index] / cellMax) * HEAT_OPACITY_MAX;
    const hover = `${names[index]}: ${describe(amountText(amounts[index], per), outage)}`;
    const number = names[index].slice(names[index].lastIndexOf("-") + 1);
    return group(hover, [
      element("rect", { class: "heat", ...frame, "fill-opacity": heat.toFixed(3) }),
      element("rect", { class: outage === null ? "frame" : "out", ...frame }),
      ...(outage === null ? [] : cross(left, top, side)),
      ...(pitchPx < NUMBERED_PITCH_PX
        ? []
        : [text(left + side / 2, top + side / 2 + 3, fit(number, side, "tiny"), "tiny", "middle")]),
    ]);
  });
  const serving = members.filter((index) => !outages.has(index));
  const [typical, range] = summarise(
    serving.map((index) => amounts[index]),
    members.length - serving.length,
    per,
  );
  const bottom = y + heightPx;
  return [
    ...cells,
    text(x + width / 2, bottom - 19, fit(typical, width, "value"), "value", "middle"),
    text(x + width / 2, bottom - 5, fit(range, width, "value"), "value", "middle"),
  ];
}

/** "median 499/s, 3 out" and "473 to 520": what the cells' shades say, without colour. */
function summarise(
  amounts: readonly number[],
  out: number,
  per: Flow["per"],
): readonly [string, string] {
  if (amounts.length === 0) return ["all out of service", ""];
  const sorted = amounts.toSorted((a, b) => a - b);
  const median = amountText(sorted[sorted.length >> 1], per);
  return [
    `median ${median}${out === 0 ? "" : `, ${out} out`}`,
    `${amountText(sorted[0], "")} to ${amountText(sorted.at(-1)!, per)}`,
  ];
}

/** Two strokes through a square. */
export function cross(x: number, y: number, side: number): string[] {
  return [
    line(x, y, x + side, y + side, { class: "cross" }),
    line(x, y + side, x + side, y, { class: "cross" }),
  ];
}
