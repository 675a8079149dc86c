/** P7 to P10: how many servers, and how much buffer. */
import type { BufferCell } from "../experiments/buffers.ts";
import type { Estimate } from "../statistics/estimate.ts";
import { bandAxis, linearAxis } from "./axes.ts";
import type { Context } from "./context.ts";
import { amount } from "./numbers.ts";
import type { Mark, MarkOf, Panel, Plot } from "./plot.ts";
import { highs, placed } from "./plots-load.ts";

const ROW_PX = 34;

/** P7: share of seeds that keep every promise, servers by deaths. */
export function sizingPlot({ findings, scenario, effort, replay }: Context): Plot {
  const { map, serversList, deathsList, seeds } = findings.servers;
  const cells = map.map(({ servers, deaths, passed, seeds: run }) => ({
    x: serversList.indexOf(servers),
    y: deathsList.indexOf(deaths),
    shade: passed / run,
    text: `${passed}/${run}`,
    edge: servers === scenario.servers.count && deaths === findings.servers.deaths,
  }));
  return {
    id: "P7",
    title: "How many servers for how many deaths",
    legend: `Sales that kept every limit, of ${seeds} seeds each. Servers die at random instants of the rush and stay dead. The thick frame is the scenario's own size. ${effort.sweepTickets} tickets, ${effort.sweepBuyers} buyers, buffer ${scenario.servers.buffer}, refill ${scenario.quota.refill}.`,
    command: replay(map.at(-1)!.cell),
    panels: [
      {
        title: "",
        x: bandAxis("ticket servers", serversList.map(String)),
        y: bandAxis("servers that die", deathsList.map(String)),
        marks: [{ type: "cells", name: "sales that kept every limit: fuller colour, more", cells }],
        faults: [],
        heightPx: deathsList.length * ROW_PX,
      },
    ],
  };
}

/** P8: tickets left unsold, buffer by deaths, with final quotas. */
export function bufferMapPlot({ findings, scenario, replay }: Context): Plot {
  const { map, bounds, tickets, slice } = findings.buffers;
  const buffers = [...new Set(map.map(({ buffer }) => buffer))];
  const deathsList = bounds.map(({ deaths }) => deaths);
  const most = map.reduce((a, { unsold }) => Math.max(a, unsold.mean ?? 0), 1);
  const cells = map.map(({ buffer, deaths, unsold }) => ({
    x: buffers.indexOf(buffer),
    y: deathsList.indexOf(deaths),
    shade: Math.sqrt((unsold.mean ?? 0) / most),
    text: amount(unsold.mean ?? 0),
    edge: bounds.some((bound) => bound.deaths === deaths && bound.buffer === buffer),
  }));
  return {
    id: "P8",
    title: "How much buffer, if quotas are final",
    legend: `Tickets of ${tickets} that nobody took, when servers die before the first sale and refill is off; ${scenario.servers.count} servers with slices of ${amount(slice)}; 2 seeds each. The thick frame is the bound ceil(kS/(N-k)) for each number k of deaths: from there on nothing is left.`,
    command: replay(map.at(-1)!.cell),
    panels: [
      {
        title: "",
        x: bandAxis("buffer per server", buffers.map(String)),
        y: bandAxis("servers that die", deathsList.map(String)),
        marks: [
          { type: "cells", name: "tickets unsold: fuller colour, more; framed: the bound", cells },
        ],
        faults: [],
        heightPx: deathsList.length * ROW_PX,
      },
    ],
  };
}

/** P9: what a buffer gains, and what it costs. */
export function bufferTradePlot({ findings, replay }: Context): Plot {
  const { trade, deaths, tickets } = findings.buffers;
  const buffers = [...new Set(trade.map(({ buffer }) => buffer))];
  const x = bandAxis("buffer per server", buffers.map(String));
  /** A line through the means, with their intervals. */
  const curves = (pointOf: (cell: BufferCell) => Spread): Mark[] =>
    (["off", "on-demand"] as const).flatMap((refill, look): Mark[] => {
      const points = trade
        .filter((cell) => cell.refill === refill)
        .map((cell) => ({ at: buffers.indexOf(cell.buffer), ...pointOf(cell) }));
      const means = points.map(({ at, value }): [number, number] => [at, value]);
      return [
        { type: "line", name: "", look, step: false, markers: false, points: means },
        { type: "dots", name: `refill ${refill}`, look, along: "x", points },
      ];
    });
  const panel = (title: string, label: string, marks: Mark[]): Panel => ({
    title,
    x,
    y: linearAxis(
      label,
      [
        ...marks.flatMap((mark) =>
          mark.type === "dots" ? mark.points.map(({ high }) => high) : [],
        ),
        1,
      ],
      0,
    ),
    marks,
    faults: [],
    heightPx: 130,
  });
  return {
    id: "P9",
    title: "What a buffer gains and costs",
    legend: `${deaths} servers die at random instants of the rush; ${tickets} tickets; ${trade[0].seeds} seeds for each point, the same for both kinds of refill. Means with their 95 % intervals, that of a share of sales by Wilson.`,
    command: replay(trade[0].cell),
    panels: [
      panel(
        "Sales with a ticket left over",
        "% of sales",
        curves(({ undersold, undersoldShare, seeds }) => ({
          value: (undersold / seeds) * 100,
          low: undersoldShare.least * 100,
          high: undersoldShare.most * 100,
        })),
      ),
      panel(
        "False sold-outs",
        "answers per sale",
        curves(({ falseSoldOuts }) => spreadOf(falseSoldOuts)),
      ),
      panel(
        "Redis calls",
        "calls per ticket",
        curves(({ redisCallsPerTicket }) => spreadOf(redisCallsPerTicket)),
      ),
    ],
  };
}

interface Spread {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

function spreadOf({ mean, low, high }: Estimate): Spread {
  const value = mean ?? 0;
  return { value, low: low ?? value, high: high ?? value };
}

/** P10: tickets that nobody has, by cause. */
export function strandedPlot({ findings, replay }: Context): Plot {
  const { stranded, deaths } = findings.buffers;
  const marks: MarkOf<"dots">[] = [
    {
      type: "dots",
      name: "mean, with its 95 % interval",
      look: 0,
      along: "y",
      points: stranded.flatMap(({ tickets }, y) => placed(y, tickets)),
    },
  ];
  return {
    id: "P10",
    title: "Why tickets are left over",
    legend: `Without any buffer and refill, ${deaths} deaths in the rush, ${stranded[0].tickets.count} seeds. Each cause is told by taking it away on the same seeds; who does not pay is told by sales of as many tickets with the scenario's own buffer and refill and no deaths. Only the first two are cured by a buffer.`,
    command: replay(stranded[0].cell),
    panels: [
      {
        title: "",
        x: linearAxis("tickets per sale", [...highs(marks), 1], 0),
        y: bandAxis(
          "cause",
          stranded.map(({ cause }) => cause),
        ),
        marks,
        faults: [],
        heightPx: stranded.length * ROW_PX,
      },
    ],
  };
}
