/** P1 to P4: how a sale goes. */
import { duration } from "../../sim/cli/text/format.ts";
import type { SaleDetail, Sale } from "../experiments/run-sale.ts";
import { BIN_MS } from "../experiments/timeline.ts";
import { difference, merge, quantileMs } from "../statistics/merged-histogram.ts";
import type { MergedHistogram } from "../statistics/merged-histogram.ts";
import { linearAxis, logAxis } from "./axes.ts";
import type { Context } from "./context.ts";
import type { Mark, MarkOf, Panel, Plot } from "./plot.ts";

const CURVE_POINTS_MAX = 160;

export function details(sales: readonly Sale[]): SaleDetail[] {
  return sales.map(({ detail }) => detail).filter((detail) => detail !== null);
}

/** P1: sold share over time, all seeds as a band, the first one as a line with its faults. */
export function sellOutPlot({ findings, tickets, replay }: Context): Plot {
  const { base, baseCell } = findings.answer;
  const curves = details(base).map(({ timeline }) => timeline.ticketsTaken);
  const untilMs = shownUntilMs(base, curves[0].length * BIN_MS);
  const bins = Math.max(2, Math.min(curves[0].length, Math.ceil(untilMs / BIN_MS)));
  const every = Math.max(1, Math.ceil(bins / CURVE_POINTS_MAX));
  const places = Array.from({ length: Math.floor(bins / every) }, (_, i) => i * every);
  const shareAt = (curve: readonly number[], bin: number): number => (curve[bin] / tickets) * 100;
  const band = places.map((bin): [number, number, number] => {
    const shares = curves.map((curve) => shareAt(curve, bin));
    return [endSeconds(bin), Math.min(...shares), Math.max(...shares)];
  });
  const first = places.map((bin): [number, number] => [endSeconds(bin), shareAt(curves[0], bin)]);
  return {
    id: "P1",
    title: "Tickets sold over time",
    legend: `Share of the tickets held or paid since the opening. The band holds all ${base.length} sales; the line is seed ${base[0].seed}, whose faults stand above.`,
    command: replay(baseCell, base[0].seed),
    panels: [
      {
        title: "",
        x: linearAxis("seconds since the opening", [0, endSeconds(bins)], 0),
        y: linearAxis("% of tickets sold", [0, 100], 0),
        marks: [
          { type: "band", name: `all ${base.length} sales`, look: 0, points: band },
          {
            type: "line",
            name: `seed ${base[0].seed}`,
            look: 0,
            step: true,
            markers: false,
            points: [[0, 0], ...first],
          },
        ],
        faults: faultRows(details(base)[0], (bins * BIN_MS) / 1000),
        heightPx: 240,
      },
    ],
  };
}

function endSeconds(bin: number): number {
  return ((bin + 1) * BIN_MS) / 1000;
}

/** Until shortly after the last sale was sold out; all of it if one never was. */
function shownUntilMs(sales: readonly Sale[], wholeMs: number): number {
  const last = sales.reduce((most, { values }) => Math.max(most, values.sellOutMs ?? wholeMs), 0);
  return Math.min(wholeMs, last * 1.25 + 50);
}

/** Kinds of faults that begin within the first seconds of a sale. */
export function faultRows({ episodes }: SaleDetail, untilSeconds: number): Panel["faults"] {
  const rows = new Map<string, { from: number; to: number }[]>();
  for (const { kind, atMs, forMs } of episodes) {
    if (atMs / 1000 >= untilSeconds) continue;
    const spans = rows.get(kind) ?? [];
    rows.set(kind, spans);
    const to = forMs === undefined ? untilSeconds : Math.min(untilSeconds, (atMs + forMs) / 1000);
    spans.push({ from: atMs / 1000, to });
  }
  return [...rows].map(([name, spans]) => ({ name, spans }));
}

/** P2: ECDF of the sell-out time. */
export function sellOutTimePlot({ findings, scenario, replay }: Context): Plot {
  const { base, baseCell } = findings.answer;
  const limit = scenario.slo.sellOutMs;
  const times = base
    .map(({ values }) => values.sellOutMs)
    .filter((value) => value !== null)
    .toSorted((a, b) => a - b);
  const points = times.map((ms, i): [number, number] => [ms, ((i + 1) / base.length) * 100]);
  const start: [number, number][] = times.length === 0 ? [] : [[times[0], 0]];
  return {
    id: "P2",
    title: "How sure is the sell-out time",
    legend: `Of ${base.length} sales, the share that had sold out by then.`,
    command: replay(baseCell, base[0].seed),
    panels: [
      {
        title: "",
        x: logAxis("sell-out time in ms, logarithmic", [...times, limit]),
        y: linearAxis("% of sales", [0, 100], 0),
        marks: [
          {
            type: "line",
            name: `${times.length} of ${base.length} sales sold out`,
            look: 0,
            step: true,
            markers: true,
            points: [...start, ...points],
          },
          { type: "rule", axis: "x", at: limit, isLimit: true, name: `limit ${duration(limit)}` },
        ],
        faults: [],
        heightPx: 200,
      },
    ],
  };
}

const QUANTILES = [0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999];
export const OUTCOMES = [
  ["winner", "ticket"],
  ["soldOut", "honest sold-out"],
  ["falseSoldOut", "false sold-out"],
  ["error", "error"],
] as const;

/** Merged over all sales of the answer, by outcome. */
export function mergedLatencies(
  sales: readonly Sale[],
): { name: string; merged: MergedHistogram }[] {
  const all = details(sales);
  return OUTCOMES.map(([key, name]) => ({ name, merged: merge(all.map((detail) => detail[key])) }));
}

/** P3: latency quantiles by outcome, and by load. */
export function latencyPlot({ findings, scenario, replay }: Context): Plot {
  const { base, baseCell } = findings.answer;
  const byOutcome = mergedLatencies(base).map(({ name, merged }, look) =>
    quantileLine(name, look, merged),
  );
  const rates = findings.capacity.points.slice(0, 6);
  const byLoad = rates.map(({ ratePerSecond, details: sales }, look) =>
    quantileLine(`${ratePerSecond}/s`, look, merge(sales.map(({ winner }) => winner))),
  );
  const { winner, soldOut } = scenario.slo.p99Ms;
  return {
    id: "P3",
    title: "Latency quantiles",
    legend: `From the buyer's first packet to the answer. Above: ${base.length} sales merged, each kind of answer apart, since fast refusals would flatter the rest. Below: those who get a ticket, one line for each arrival rate, ${rates[0].seeds} sales of the sweep merged for each. A quantile is drawn only if ten answers lie beyond it.`,
    command: replay(baseCell, base[0].seed),
    panels: [
      quantilePanel("By answer", byOutcome, p99Limits(winner, soldOut)),
      quantilePanel("Ticket, by arrival rate", byLoad, p99Limits(winner)),
    ],
  };
}

function quantileLine(name: string, look: number, merged: MergedHistogram): Mark {
  const points = QUANTILES.flatMap((p): [number, number][] => {
    const ms = quantileMs(merged, p);
    return ms === null ? [] : [[1 / (1 - p), ms]];
  });
  return {
    type: "line",
    name: points.length === 0 ? `${name}: too few` : name,
    look,
    step: false,
    markers: true,
    points,
  };
}

/** Rules at the limits of the p99s; one where both are the same. */
export function p99Limits(winnerMs: number, soldOutMs?: number): MarkOf<"rule">[] {
  if (soldOutMs === undefined) return [rule("tickets", winnerMs)];
  return soldOutMs === winnerMs
    ? [rule("tickets and sold-outs", winnerMs)]
    : [rule("tickets", winnerMs), rule("sold-outs", soldOutMs)];
}

function rule(of: string, at: number): MarkOf<"rule"> {
  return {
    type: "rule",
    axis: "y",
    at,
    isLimit: true,
    name: `limit of the p99 of ${of}: ${duration(at)}`,
  };
}

function quantilePanel(title: string, lines: Mark[], limits: MarkOf<"rule">[]): Panel {
  const values = lines.flatMap((mark) =>
    mark.type === "line" ? mark.points.map(([, ms]) => ms) : [],
  );
  return {
    title,
    x: {
      scale: "log",
      label: "share of answers that are faster",
      domain: [2, 10_000],
      ticks: [
        { at: 2, text: "50 %" },
        { at: 10, text: "90 %" },
        { at: 100, text: "99 %" },
        { at: 1000, text: "99.9 %" },
        { at: 10_000, text: "99.99 %" },
      ],
    },
    y: logAxis("ms, logarithmic", [...values, ...limits.map(({ at }) => at)]),
    marks: [...lines, ...limits],
    faults: [],
    heightPx: 220,
  };
}

/** P4: p50 and p99 of all answers in each of some bins of time, of the first sale. */
export function latencyOverTimePlot({ findings, scenario, replay }: Context): Plot {
  const { base, baseCell } = findings.answer;
  const [detail] = details(base);
  const { snapshots } = detail;
  const line = (p: number, name: string, look: number): Mark => ({
    type: "line",
    name,
    look,
    step: false,
    markers: true,
    points: snapshots.flatMap(({ atMs, winner, soldOut }, i): [number, number][] => {
      const before = snapshots[i - 1] ?? { winner: [], soldOut: [] };
      const ms = quantileMs(
        merge([
          difference(winner, before.winner).buckets,
          difference(soldOut, before.soldOut).buckets,
        ]),
        p,
      );
      return ms === null ? [] : [[atMs / 1000, ms]];
    }),
  });
  const marks = [line(0.5, "p50", 0), line(0.99, "p99", 1)];
  const values = marks.flatMap((mark) => (mark.type === "line" ? mark.points : []));
  const limits = p99Limits(scenario.slo.p99Ms.winner, scenario.slo.p99Ms.soldOut);
  const untilSeconds = (snapshots.at(-1)?.atMs ?? 1000) / 1000;
  return {
    id: "P4",
    title: "Latency over time",
    legend: `Seed ${base[0].seed}: tickets and sold-outs by when they were answered; how long a fault is felt.`,
    command: replay(baseCell, base[0].seed),
    panels: [
      {
        title: "",
        x: linearAxis("seconds since the opening", [0, untilSeconds], 0),
        y: logAxis("ms, logarithmic", [
          ...values.map(([, ms]) => ms),
          ...limits.map(({ at }) => at),
        ]),
        marks: [...marks, ...limits],
        faults: faultRows(detail, untilSeconds),
        heightPx: 220,
      },
    ],
  };
}
