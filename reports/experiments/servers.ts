/** How many servers: the smallest number that keeps every promise while some die, and the whole map. */
import { wilsonInterval } from "../statistics/intervals.ts";
import type { Interval } from "../statistics/intervals.ts";
import { smallestPassing } from "./bisect.ts";
import type { Threshold } from "./bisect.ts";
import { cellOf, deathsTemplate } from "./cell.ts";
import type { Cell } from "./cell.ts";
import type { Lab } from "./lab.ts";
import { limitsOf, meets } from "./limits.ts";
import { rushMsOf, smallSale, withServers } from "./sweep-cells.ts";

export interface SizingCell {
  readonly servers: number;
  readonly deaths: number;
  readonly cell: Cell;
  readonly passed: number;
  readonly seeds: number;
  readonly interval: Interval;
}

export interface ServerSizing {
  readonly deaths: number;
  readonly threshold: Threshold;
  /** The smallest size that passed, or the largest that was tried. */
  readonly cell: Cell;
  /** With no deaths at all. */
  readonly undisturbed: Threshold;
  readonly seeds: number;
  readonly serversList: readonly number[];
  readonly deathsList: readonly number[];
  readonly map: readonly SizingCell[];
}

const SERVERS_MOST = 2000;

export async function sizeServers(lab: Lab): Promise<ServerSizing> {
  const { scenario, effort } = lab;
  const { deaths } = scenario.slo;
  const limits = limitsOf(scenario);
  const seeds = effort.sweepSeeds;
  const passes = (dead: number) => async (servers: number) => {
    if (servers <= dead) return false;
    const sales = await lab.sales(serversCell(lab, servers, dead), seeds);
    return sales.every((sale) => meets(sale, limits));
  };
  const own = scenario.servers.count;
  const undisturbed = await smallestPassing(0, own, SERVERS_MOST, passes(0));
  const threshold =
    deaths === 0
      ? undisturbed
      : await smallestPassing(
          deaths,
          Math.max(deaths + 1, (undisturbed.passes ?? own) + deaths),
          SERVERS_MOST,
          passes(deaths),
        );
  const serversList = sizes(threshold.passes ?? own, own, effort.quick);
  const deathsList = [
    ...new Set(effort.quick ? [0, deaths, 2 * deaths] : [0, 1, 2, deaths, 2 * deaths, 4 * deaths]),
  ]
    .filter((dead) => dead < own)
    .toSorted((a, b) => a - b);
  const map = await Promise.all(
    deathsList.flatMap((dead) =>
      serversList
        .filter((servers) => servers > dead)
        .map(async (servers): Promise<SizingCell> => {
          const cell = serversCell(lab, servers, dead);
          const sales = await lab.sales(cell, seeds);
          const passed = sales.filter((sale) => meets(sale, limits)).length;
          return {
            servers,
            deaths: dead,
            cell,
            passed,
            seeds,
            interval: wilsonInterval(passed, seeds),
          };
        }),
    ),
  );
  const cell = serversCell(lab, threshold.passes ?? SERVERS_MOST, deaths);
  return { deaths, threshold, cell, undisturbed, seeds, serversList, deathsList, map };
}

function serversCell(lab: Lab, servers: number, deaths: number): Cell {
  const { scenario, effort } = lab;
  const withinMs = rushMsOf(effort.sweepTickets, scenario);
  return cellOf({
    ...smallSale(effort),
    ...withServers(scenario, servers),
    faults: deathsTemplate(deaths, withinMs),
  });
}

/** From half the smallest that passes to the scenario's own number, about evenly on a log scale. */
function sizes(smallest: number, own: number, quick: boolean): number[] {
  const first = Math.max(1, Math.floor(smallest / 2));
  const last = Math.max(own, smallest * 2);
  const steps = quick ? 3 : 6;
  const between = Array.from({ length: steps + 1 }, (_, i) =>
    Math.round(first * (last / first) ** (i / steps)),
  );
  return [...new Set([...between, smallest, own])].toSorted((a, b) => a - b);
}
