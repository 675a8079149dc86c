/** How much buffer: what is left unsold when servers die, with final quotas and with refill. */
import { bufferFor, slices } from "../../core/quota.ts";
import { weightsOf } from "../../sim/scenario/slices.ts";
import type { Estimate } from "../statistics/estimate.ts";
import { wilsonInterval } from "../statistics/intervals.ts";
import type { Interval } from "../statistics/intervals.ts";
import { smallestPassing } from "./bisect.ts";
import type { Threshold } from "./bisect.ts";
import { cellOf, deathsTemplate } from "./cell.ts";
import type { Cell } from "./cell.ts";
import type { Lab } from "./lab.ts";
import type { Sale } from "./run-sale.ts";
import { estimateOf } from "./limits.ts";
import { rushMsOf, rushOnly } from "./sweep-cells.ts";

export type Refill = "off" | "on-demand";

export interface BufferCell {
  readonly buffer: number;
  readonly deaths: number;
  readonly refill: Refill;
  readonly cell: Cell;
  readonly seeds: number;
  readonly unsold: Estimate;
  /** Sales with a ticket unsold, and the interval of their share. */
  readonly undersold: number;
  readonly undersoldShare: Interval;
  readonly falseSoldOuts: Estimate;
  readonly redisCallsPerTicket: Estimate;
}

/** Tickets unsold or lost to nobody, by what would have cured it. */
export interface Stranded {
  readonly cause: string;
  readonly cure: string;
  readonly tickets: Estimate;
  readonly cell: Cell;
}

export interface BufferSizing {
  readonly tickets: number;
  readonly slice: number;
  readonly deaths: number;
  /** ceil(k S / (N - k)) for these slices, and what it would be for the whole sale. */
  readonly bound: number;
  readonly boundFull: number;
  readonly measured: Readonly<Record<Refill, Threshold>>;
  /** Of the smallest buffer that sold all, or the largest tried; and sales of each buffer. */
  readonly answerCells: Readonly<Record<Refill, Cell>>;
  readonly seeds: number;
  /** With refill, further sales of each buffer in which the deaths come in the rush. */
  readonly rushSeeds: number;
  readonly bounds: readonly {
    readonly deaths: number;
    readonly buffer: number;
    readonly bufferFull: number;
  }[];
  readonly map: readonly BufferCell[];
  readonly trade: readonly BufferCell[];
  readonly stranded: readonly Stranded[];
}

const BUFFER_MOST = 100_000;

export async function sizeBuffers(lab: Lab): Promise<BufferSizing> {
  const { scenario, effort } = lab;
  const { servers, slo, sale } = scenario;
  const deaths = Math.min(slo.deaths, servers.count - 1);
  const boundOf = (tickets: number, dead: number): number =>
    bufferFor(tickets, slices(tickets, weightsOf(scenario)), dead);
  const bound = boundOf(effort.rushTickets, deaths);
  const deathsList = distinct(
    effort.quick ? [0, 1, deaths, 2 * deaths] : [0, 1, 2, deaths, 2 * deaths, 4 * deaths],
  ).filter((dead) => dead < servers.count);
  const bounds = deathsList.map((dead) => ({
    deaths: dead,
    buffer: boundOf(effort.rushTickets, dead),
    bufferFull: boundOf(sale.tickets, dead),
  }));
  const withinMs = rushMsOf(effort.rushTickets, scenario);
  const sellsAll = async (cell: Cell, seeds: number): Promise<boolean> => {
    const sales = await lab.sales(cell, seeds);
    return sales.every(({ values }) => values.unsoldInRush === 0);
  };
  const atStart = (buffer: number, refill: Refill): Cell =>
    bufferCell(lab, buffer, deaths, refill, 0);
  const { sweepSeeds, shareSeeds } = effort;
  const measured = {
    // With final quotas deaths before the first sale are the worst: nothing of the slice is sold.
    off: await smallestPassing(-1, bound, BUFFER_MOST, (buffer) =>
      sellsAll(atStart(buffer, "off"), sweepSeeds),
    ),
    // With refill those in the rush may be: they take granted slots with them.
    "on-demand": await smallestPassing(
      -1,
      0,
      BUFFER_MOST,
      async (buffer) =>
        (await sellsAll(atStart(buffer, "on-demand"), sweepSeeds)) &&
        sellsAll(bufferCell(lab, buffer, deaths, "on-demand", withinMs), shareSeeds),
    ),
  };
  const buffers = distinct([
    0,
    ...bounds.map(({ buffer }) => buffer),
    Math.ceil(bound / 2),
    servers.buffer,
  ]);
  const seedsOfMap = 2;
  const map = await Promise.all(
    buffers.flatMap((buffer) =>
      deathsList.map((dead) => measureCell(lab, buffer, dead, "off", 0, seedsOfMap)),
    ),
  );
  const trade = await Promise.all(
    (["off", "on-demand"] as const).flatMap((refill) =>
      buffers.map((buffer) =>
        measureCell(lab, buffer, deaths, refill, withinMs, effort.shareSeeds),
      ),
    ),
  );
  return {
    tickets: effort.rushTickets,
    slice: effort.rushTickets / servers.count,
    deaths,
    bound,
    boundFull: boundOf(sale.tickets, deaths),
    measured,
    answerCells: {
      off: atStart(measured.off.passes ?? BUFFER_MOST, "off"),
      "on-demand": atStart(measured["on-demand"].passes ?? BUFFER_MOST, "on-demand"),
    },
    seeds: sweepSeeds,
    rushSeeds: shareSeeds,
    bounds,
    map,
    trade,
    stranded: await findStranded(lab, deaths, withinMs),
  };
}

function bufferCell(
  lab: Lab,
  buffer: number,
  deaths: number,
  refill: Refill,
  withinMs: number,
): Cell {
  return cellOf({
    ...rushOnly(lab.effort),
    "servers.buffer": buffer,
    "quota.refill": refill,
    faults: deathsTemplate(deaths, withinMs),
  });
}

async function measureCell(
  lab: Lab,
  buffer: number,
  deaths: number,
  refill: Refill,
  withinMs: number,
  seeds: number,
): Promise<BufferCell> {
  const cell = bufferCell(lab, buffer, deaths, refill, withinMs);
  const sales = await lab.sales(cell, seeds);
  const undersold = sales.filter(({ values }) => values.unsoldInRush! > 0).length;
  return {
    buffer,
    deaths,
    refill,
    cell,
    seeds,
    unsold: estimateOf("unsoldInRush", sales),
    undersold,
    undersoldShare: wilsonInterval(undersold, seeds),
    falseSoldOuts: estimateOf("falseSoldOuts", sales),
    redisCallsPerTicket: estimateOf("redisCallsPerTicket", sales),
  };
}

/**
 * Causes are told apart by taking them away, one after the other, on the same seeds: first the
 * deaths, then the tightness of the quotas. Buyers who never pay are in a sale of their own.
 */
async function findStranded(lab: Lab, deaths: number, withinMs: number): Promise<Stranded[]> {
  const { effort } = lab;
  const seeds = effort.shareSeeds;
  const dying = bufferCell(lab, 0, deaths, "off", withinMs);
  const calm = bufferCell(lab, 0, 0, "off", 0);
  const mute = cellOf({
    ...rushOnly(effort),
    "servers.buffer": 0,
    "quota.refill": "off",
    faults: [
      {
        kind: "server-crash",
        count: deaths,
        moment: "after-call",
        atMs: { least: 0, most: withinMs },
      },
    ],
  });
  const unpaid = cellOf({
    "sale.tickets": effort.rushTickets,
    "buyers.count": Math.ceil(effort.rushTickets * 1.5),
    "buyers.returning.share": 0,
    faults: [],
  });
  const [died, quiet, muted, forgot] = await Promise.all([
    lab.sales(dying, seeds),
    lab.sales(calm, seeds),
    lab.sales(mute, seeds),
    lab.sales(unpaid, seeds),
  ]);
  const part = (cause: string, cure: string, cell: Cell, tickets: readonly number[]): Stranded => ({
    cause,
    cure,
    cell,
    tickets: estimateOf(
      "unsoldInRush",
      tickets.map((value) => ({ ...died[0], values: { ...died[0].values, unsoldInRush: value } })),
    ),
  });
  return [
    part(
      "slice of a dead server",
      "buffer, or refill",
      dying,
      died.map((sale, i) => Math.max(0, unsold(sale) - unsold(quiet[i]))),
    ),
    part("quota exhausted elsewhere", "buffer, or refill", calm, quiet.map(unsold)),
    part(
      "counted, and never told",
      "the hold runs out",
      mute,
      muted.map(({ values }) => values.countedNotTold!),
    ),
    part(
      "held and not paid",
      "buyers who come back",
      unpaid,
      forgot.map(({ values }) => values.unpaid!),
    ),
  ];
}

function distinct(values: readonly number[]): number[] {
  return [...new Set(values)].toSorted((a, b) => a - b);
}

function unsold({ values }: Sale): number {
  return values.unsoldInRush!;
}
