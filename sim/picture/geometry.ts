/** Where everything stands in one panel: columns from buyers to Redis, a band for each site. */
import type { Topology } from "../world/topology.ts";

export const PAGE_WIDTH_PX = 1596;
export const MARGIN_PX = 24;

/** Left edge and width of each column, and the rails between them. */
export const COLUMNS = {
  buyers: { x: 24, width: 92, heading: "buyers" },
  edge: { x: 150, width: 96, heading: "edge router" },
  uplinks: { x: 276, width: 136, heading: "OSPF uplinks, ECMP" },
  cores: { x: 424, width: 142, heading: "core routers" },
  directorLinks: { x: 566, width: 120, heading: "OSPF links" },
  directors: { x: 686, width: 164, heading: "LVS directors" },
  nginx: { x: 896, width: 156, heading: "nginx" },
  servers: { x: 1102, width: 264, heading: "ticket servers" },
  books: { x: 1412, width: 160, heading: "counter, orders" },
} as const;

export const RAILS = { ecmp: 264, lvs: 871, upstream: 1077, redis: 1390 } as const;
export const SITES = { x: 412, width: 966 } as const;

export const BOX_HEIGHT_PX = 34;
const ROW_PX = 42;
const SITE_HEADER_PX = 26;
const SITE_PADDING_PX = 12;
const SITE_GAP_PX = 14;
/** Buyers, edge, Redis and the order database need this much. */
const PANEL_HEIGHT_MIN_PX = 130;

/** More stations than this at a site are drawn as a strip of cells. */
const BOXES_MAX = 8;
/** Cells of a strip by how many there are: fewer than `below`, `pitchPx` apart. */
const PITCHES = [
  { below: 151, pitchPx: 26 },
  { below: 1001, pitchPx: 13 },
  { below: Infinity, pitchPx: 6.5 },
] as const;
/** The two lines below a strip that sum it up. */
const SUMMARY_PX = 34;

/** Stations of one kind at one site: boxes one below the other, or cells in rows. */
export interface StationGroup {
  readonly kind: "boxes" | "strip";
  /** Indexes in the topology. */
  readonly members: readonly number[];
  readonly y: number;
  readonly heightPx: number;
  /** strip: distance of cells, and how many there are in a row. */
  readonly pitchPx: number;
  readonly perRow: number;
}

export interface SiteGeometry {
  readonly name: string;
  readonly y: number;
  readonly heightPx: number;
  readonly directors: StationGroup;
  readonly nginx: StationGroup;
  readonly servers: StationGroup;
}

export interface PanelGeometry {
  readonly sites: readonly SiteGeometry[];
  /** Middle of all directors' rows: the height at which buyers enter. */
  readonly entryY: number;
  readonly heightPx: number;
}

/** Everything at offset 0 of the panel. */
export function panelGeometry(topology: Topology): PanelGeometry {
  let y = 0;
  const sites = topology.sites.map((name, site) => {
    const members = (siteOf: readonly number[]): number[] =>
      siteOf.flatMap((at, i) => (at === site ? [i] : []));
    // A director is a row of its own, with its core router and both its links.
    const directors = boxes(members(topology.siteOfDirector));
    const nginx = stations(members(topology.siteOfNginx), COLUMNS.nginx.width);
    const servers = stations(members(topology.siteOfServer), COLUMNS.servers.width);
    const contentPx = Math.max(directors.heightPx, nginx.heightPx, servers.heightPx);
    const heightPx = SITE_HEADER_PX + contentPx + SITE_PADDING_PX;
    const centred = (group: StationGroup): StationGroup => ({
      ...group,
      y: y + SITE_HEADER_PX + (contentPx - group.heightPx) / 2,
    });
    const geometry = {
      name,
      y,
      heightPx,
      directors: centred(directors),
      nginx: centred(nginx),
      servers: centred(servers),
    };
    y += heightPx + SITE_GAP_PX;
    return geometry;
  });
  const rows = sites.flatMap((site) => joints(site.directors));
  return {
    sites,
    entryY: (rows[0] + rows.at(-1)!) / 2,
    heightPx: Math.max(PANEL_HEIGHT_MIN_PX, y - SITE_GAP_PX),
  };
}

/** Vertical middle of a box of a group. */
export function rowMiddle(group: StationGroup, row: number): number {
  return group.y + row * ROW_PX + ROW_PX / 2;
}

/** Where lines meet a group: the middle of each box, or that of the strip. */
export function joints(group: StationGroup): number[] {
  return group.kind === "boxes"
    ? group.members.map((_, row) => rowMiddle(group, row))
    : [group.y + (group.heightPx - SUMMARY_PX) / 2];
}

function stations(members: readonly number[], widthPx: number): StationGroup {
  return members.length <= BOXES_MAX ? boxes(members) : strip(members, widthPx);
}

function boxes(members: readonly number[]): StationGroup {
  const heightPx = Math.max(1, members.length) * ROW_PX;
  return { kind: "boxes", members, y: 0, heightPx, pitchPx: 0, perRow: 1 };
}

function strip(members: readonly number[], widthPx: number): StationGroup {
  const { pitchPx } = PITCHES.find(({ below }) => members.length < below)!;
  const perRow = Math.floor(widthPx / pitchPx);
  const heightPx = Math.ceil(members.length / perRow) * pitchPx + SUMMARY_PX;
  return { kind: "strip", members, y: 0, heightPx, pitchPx, perRow };
}
