/** One panel: the whole way from the buyers to the order database in one interval. */
import type { Topology } from "../world/topology.ts";
import { amountText, lineWidthPx } from "./amount.ts";
import type { Scale } from "./amount.ts";
import type { Flow } from "./flow.ts";
import { COLUMNS, joints, RAILS, rowMiddle, SITES } from "./geometry.ts";
import type { PanelGeometry, SiteGeometry, StationGroup } from "./geometry.ts";
import type { Outage, Outages } from "./outages.ts";
import { cross, drawBox, drawStations, outageText } from "./stations.ts";
import { element, fit, group, line, text } from "./svg.ts";

export interface Panel {
  readonly topology: Topology;
  readonly flow: Flow;
  readonly outages: Outages;
  readonly scale: Scale;
}

/** The panel's elements, with the top of its first site at y = 0. */
export function drawPanel(panel: Panel, geometry: PanelGeometry): string[] {
  const { entryY } = geometry;
  return [
    ...headings(),
    ...geometry.sites.map(drawBand),
    ...drawEdge(panel, entryY),
    ...drawBooks(panel, entryY),
    ...drawRail(RAILS.ecmp, [entryY, ...geometry.sites.flatMap((site) => joints(site.directors))]),
    ...drawRail(RAILS.redis, [entryY, ...geometry.sites.flatMap((site) => joints(site.servers))]),
    ...geometry.sites.flatMap((site) => drawSite(panel, site)),
  ];
}

const HEADINGS_ABOVE_PX = 10;

function headings(): string[] {
  return Object.values(COLUMNS).map(({ x, width, heading }) =>
    text(x + width / 2, -HEADINGS_ABOVE_PX, heading, "value", "middle"),
  );
}

function drawBand({ name, y, heightPx }: SiteGeometry): string {
  const { x, width } = SITES;
  return [
    element("rect", { class: "site", x, y, width, height: heightPx, rx: 6 }),
    text(x + 12, y + 18, fit(`site ${name}`, width - 24, "label"), "label"),
  ].join("");
}

function drawEdge({ flow, outages, topology, scale }: Panel, middle: number): string[] {
  const { buyers, edge } = COLUMNS;
  const all = amountText(flow.requests, flow.per);
  const lost = flow.lost === 0 ? all : `${amountText(flow.lost, flow.per)} lost`;
  return [
    drawFlow(buyers.x + buyers.width, edge.x, middle, flow.requests, scale),
    drawFlow(edge.x + edge.width, RAILS.ecmp, middle, flow.requests - flow.lost, scale),
    group(`buyers and the payment provider: ${all}`, drawBox(buyers, middle, "buyers", all, null)),
    group(`${topology.routers[0]}: ${all}, ${amountText(flow.lost, flow.per)} lost on dead paths`, [
      ...drawBox(edge, middle, topology.routers[0], lost, outages.routers.get(0) ?? null),
    ]),
  ];
}

/** Redis and the order database stand outside the sites. */
function drawBooks({ flow, outages }: Panel, middle: number): string[] {
  const { books } = COLUMNS;
  const redisMiddle = middle - 34;
  const databaseMiddle = middle + 34;
  const calls = amountText(flow.counterCalls, flow.per);
  const orders = amountText(flow.ordersRecorded, flow.per);
  const centre = books.x + books.width / 2;
  return [
    line(RAILS.redis, redisMiddle, books.x, redisMiddle, { class: "rail" }),
    line(centre, redisMiddle, centre, databaseMiddle, { class: "rail" }),
    group(
      `Redis: ${calls} script calls`,
      drawBox(books, redisMiddle, "Redis", calls, outages.redis),
    ),
    group(`order database: ${orders} events recorded by the order workers`, [
      ...drawBox(books, databaseMiddle, "orders", orders, outages.database),
    ]),
  ];
}

function drawSite(panel: Panel, site: SiteGeometry): string[] {
  const { topology, flow, outages, scale } = panel;
  const { per } = flow;
  const { directors, nginx, servers } = COLUMNS;
  return [
    ...site.directors.members.flatMap((director, row) =>
      drawPath(panel, site, director, rowMiddle(site.directors, row)),
    ),
    ...drawRail(RAILS.lvs, [...joints(site.directors), ...joints(site.nginx)]),
    ...drawLines(RAILS.lvs, nginx.x, site.nginx, flow.nginx, scale),
    ...drawLines(nginx.x + nginx.width, RAILS.upstream, site.nginx, flow.nginx, scale),
    ...drawRail(RAILS.upstream, [...joints(site.nginx), ...joints(site.servers)]),
    ...drawLines(RAILS.upstream, servers.x, site.servers, flow.servers, scale),
    ...joints(site.servers).map((y) =>
      line(servers.x + servers.width, y, RAILS.redis, y, { class: "rail" }),
    ),
    ...drawStations(
      site.directors,
      { names: topology.directors, amounts: flow.directors, outages: outages.directors, per },
      site.name,
      directors,
      scale,
    ),
    ...drawStations(
      site.nginx,
      { names: topology.nginx, amounts: flow.nginx, outages: outages.nginx, per },
      site.name,
      nginx,
      scale,
    ),
    ...drawStations(
      site.servers,
      { names: topology.servers, amounts: flow.servers, outages: outages.servers, per },
      site.name,
      servers,
      scale,
    ),
  ];
}

/** A director's row: uplink, core router, link, and the line from the director to the rail. */
function drawPath(panel: Panel, site: SiteGeometry, director: number, y: number): string[] {
  const { topology, flow, outages, scale } = panel;
  const { cores, directors, uplinks } = COLUMNS;
  const count = topology.directors.length;
  const core = topology.routers[1 + director];
  const out = outages.routers.get(1 + director) ?? null;
  const through = amountText(flow.links[director], flow.per);
  return [
    drawLink(panel, director, RAILS.ecmp, cores.x, uplinks, y),
    drawLink(panel, count + director, cores.x + cores.width, directors.x, COLUMNS.directorLinks, y),
    group(
      `${core}: ${through}`,
      drawBox(cores, y, core.replace(`-${site.name}-`, " "), through, out),
    ),
    drawFlow(directors.x + directors.width, RAILS.lvs, y, flow.directors[director], scale),
  ];
}

/** An OSPF link with its label above it. */
function drawLink(
  { topology, flow, outages, scale }: Panel,
  link: number,
  fromX: number,
  toX: number,
  labelled: { readonly x: number; readonly width: number },
  y: number,
): string {
  const outage: Outage | null = outages.links.get(link) ?? null;
  const carried = flow.links[link];
  const amount = amountText(carried, flow.per);
  const label = outage === null ? amount : outageText(outage);
  const hover = `${topology.links[link]}: ${outage === null ? amount : `${label}, ${amount}`}`;
  const widthPx = lineWidthPx(carried, scale);
  const centre = labelled.x + labelled.width / 2;
  const above = y - (outage === null ? widthPx / 2 : CROSS_PX) - 4;
  return group(hover, [
    outage === null
      ? drawFlow(fromX, toX, y, carried, scale)
      : line(fromX, y, toX, y, { class: "cut", "stroke-width": 2 }),
    ...(outage === null ? [] : cross(centre - CROSS_PX, y - CROSS_PX, CROSS_PX * 2)),
    text(centre, above, fit(label, labelled.width - 4, "value"), "value", "middle"),
  ]);
}

const CROSS_PX = 6;

/** A horizontal line as wide as what it carries; dotted if that is nothing. */
function drawFlow(fromX: number, toX: number, y: number, amount: number, scale: Scale): string {
  const look =
    amount > 0
      ? { class: "flow", "stroke-width": lineWidthPx(amount, scale) }
      : { class: "idle", "stroke-width": 1.5 };
  return line(fromX, y, toX, y, look);
}

/** Lines between a rail and the boxes of a group, or one for the whole strip. */
function drawLines(
  fromX: number,
  toX: number,
  geometry: StationGroup,
  amounts: readonly number[],
  scale: Scale,
): string[] {
  const carried = geometry.members.map((index) => amounts[index]);
  const perJoint =
    geometry.kind === "boxes" ? carried : [carried.reduce((sum, amount) => sum + amount, 0)];
  return joints(geometry).map((y, i) => drawFlow(fromX, toX, y, perJoint[i] ?? 0, scale));
}

/** A rail connects everything on it to everything else. */
function drawRail(x: number, ys: readonly number[]): string[] {
  return [line(x, Math.min(...ys), x, Math.max(...ys), { class: "rail" })];
}
