/** Amounts of traffic as text and as lengths. */
import { grouped, trimmed } from "../cli/text/format.ts";
import type { Flow } from "./flow.ts";
import type { PanelGeometry } from "./geometry.ts";

/** "8,334/s", or "0.4/s" where whole numbers would say nothing. */
export function amountText(amount: number, per: Flow["per"]): string {
  const rounded = amount >= 10 || amount === 0 ? grouped(Math.round(amount)) : trimmed(amount, 1);
  return `${rounded}${per}`;
}

/** One scale for all flows of a picture, so that widths may be compared between them. */
export interface Scale {
  /** Amount that a line of one pixel carries. */
  readonly perPx: number;
  /** The busiest cell of all strips; 0 if there is no strip. */
  readonly cellMax: number;
}

const STATION_LINE_MAX_PX = 10;
const TOTAL_LINE_MAX_PX = 44;
const LINE_MIN_PX = 1;

export function scaleOf(flows: readonly Flow[], { sites }: PanelGeometry): Scale {
  let busiest = 0;
  let total = 0;
  let cellMax = 0;
  for (const { requests, links, directors, nginx, servers } of flows) {
    total = Math.max(total, requests);
    busiest = [...links, ...directors, ...nginx].reduce((a, b) => Math.max(a, b), busiest);
    for (const site of sites) {
      if (site.nginx.kind === "strip") cellMax = largest(site.nginx.members, nginx, cellMax);
      if (site.servers.kind === "strip") cellMax = largest(site.servers.members, servers, cellMax);
    }
  }
  const perPx = Math.max(busiest / STATION_LINE_MAX_PX, total / TOTAL_LINE_MAX_PX);
  return { perPx: perPx === 0 ? 1 : perPx, cellMax };
}

function largest(members: readonly number[], amounts: readonly number[], least: number): number {
  return members.reduce((most, index) => Math.max(most, amounts[index]), least);
}

/** Width of a line that carries something. */
export function lineWidthPx(amount: number, { perPx }: Scale): number {
  return Math.max(LINE_MIN_PX, amount / perPx);
}
