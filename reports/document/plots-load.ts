/** P5, P6, P11, P12: load, and where it queues. */
import { duration } from "../../sim/cli/text/format.ts";
import { BIN_MS } from "../experiments/timeline.ts";
import type { LoadPoint } from "../experiments/load.ts";
import type { Estimate } from "../statistics/estimate.ts";
import { linearAxis, logAxis } from "./axes.ts";
import type { Context } from "./context.ts";
import { amount } from "./numbers.ts";
import type { MarkOf, Mark, Panel, Plot } from "./plot.ts";
import { details, faultRows, p99Limits } from "./plots-sale.ts";

/** P5: three panels over the arrival rate. */
export function capacityPlot({ findings, scenario, effort, replay }: Context): Plot {
  const { points, kneePerSecond, beyondPerSecond, crowdSeconds } = findings.capacity;
  const x = logAxis(
    "arrivals per second, logarithmic",
    points.map(({ ratePerSecond }) => ratePerSecond),
  );
  const knee: Mark[] =
    kneePerSecond === null
      ? []
      : [
          {
            type: "rule",
            axis: "x",
            at: kneePerSecond,
            isLimit: false,
            name: `knee ${beyondPerSecond === null ? "beyond " : ""}${amount(kneePerSecond)}/s`,
          },
        ];
  const { errorShare, p99Ms } = scenario.slo;
  const p99Rules = p99Limits(p99Ms.winner, p99Ms.soldOut);
  const errorRule: Mark = {
    type: "rule",
    axis: "y",
    at: errorShare * 100,
    isLimit: true,
    name: `limit ${amount(errorShare * 100)} %`,
  };
  const p99s = [
    dots(points, "ticket", 0, ({ winnerP99Ms }) => winnerP99Ms),
    dots(points, "honest sold-out", 1, ({ soldOutP99Ms }) => soldOutP99Ms),
  ];
  const answers = dots(points, "answers of ticket servers", 0, (point) => point.answersPerSecond);
  const errors = dots(points, "no answer of a ticket server", 0, (point) =>
    scaled(point.errorShare, 100),
  );
  return {
    id: "P5",
    title: "Capacity and its knee",
    legend: `The knee is the highest arrival rate at which the bound of the next sale keeps every limit, and nothing else. ${effort.sweepTickets} tickets and ${effort.sweepBuyers} buyers, more where these would be there in less than ${crowdSeconds} s, no faults, ${points[0].seeds} seeds for each rate; a longer crowd at the same rate queues longer.`,
    command: replay(points[0].cell),
    panels: [
      panel(
        "Answers per second while buyers arrive",
        x,
        linearAxis("answers per second", highs([answers]), 0),
        [answers, ...knee],
      ),
      panel(
        "Requests without an answer",
        x,
        linearAxis("% of requests", [...highs([errors]), errorShare * 100, 1], 0),
        [errors, errorRule, ...knee],
      ),
      panel(
        "p99 by answer",
        x,
        logAxis("ms, logarithmic", [
          ...lows(p99s),
          ...highs(p99s),
          ...p99Rules.map(({ at }) => at),
        ]),
        [...p99s, ...p99Rules, ...knee],
      ),
    ],
  };
}

function panel(title: string, x: Panel["x"], y: Panel["y"], marks: Mark[]): Panel {
  return { title, x, y, marks, faults: [], heightPx: 170 };
}

function dots(
  points: readonly LoadPoint[],
  name: string,
  look: number,
  value: (point: LoadPoint) => Estimate,
): MarkOf<"dots"> {
  return {
    type: "dots",
    name,
    look,
    along: "x",
    points: points.flatMap((point) => placed(point.ratePerSecond, value(point))),
  };
}

/** A dot with its interval; none without a value, and none around a single one. */
export function placed(at: number, { mean, low, high }: Estimate): MarkOf<"dots">["points"] {
  return mean === null ? [] : [{ at, value: mean, low: low ?? mean, high: high ?? mean }];
}

export function scaled(value: Estimate, factor: number): Estimate {
  const times = (number: number | null): number | null =>
    number === null ? null : number * factor;
  const { mean, low, high, nextLow, nextHigh, least, most } = value;
  return {
    ...value,
    mean: times(mean),
    low: times(low),
    high: times(high),
    nextLow: times(nextLow),
    nextHigh: times(nextHigh),
    least: times(least),
    most: times(most),
  };
}

export function highs(marks: readonly MarkOf<"dots">[]): number[] {
  return marks.flatMap(({ points }) => points.map(({ high }) => high));
}

export function lows(marks: readonly MarkOf<"dots">[]): number[] {
  return marks.flatMap(({ points }) => points.map(({ low }) => low));
}

/** P6: tickets per second over the number of servers. */
export function scalingPlot({ findings, scenario, effort, replay }: Context): Plot {
  const { points, ratePerSecond } = findings.scaling;
  const measured: MarkOf<"dots"> = {
    type: "dots",
    name: "measured",
    look: 0,
    along: "x",
    points: points.flatMap(({ servers, salesPerSecond }) => placed(servers, salesPerSecond)),
  };
  const redisMost = 1e6 / scenario.redis.itemUs;
  const without = points.filter(({ salesPerSecond }) => salesPerSecond.mean === null);
  const serversMost: MarkOf<"line"> = {
    type: "line",
    name: "servers alone: N / service time",
    look: 1,
    step: false,
    markers: false,
    points: points.map(({ servers }): [number, number] => [
      servers,
      (servers * 1e6) / scenario.servers.serviceUs,
    ]),
  };
  return {
    id: "P6",
    title: "What more servers bring",
    legend: `Tickets per second until sell-out when ${amount(ratePerSecond)} buyers a second arrive, ${effort.rushTickets} tickets, ${points[0].seeds} seeds for each number. Redis cannot sell faster than one ticket in redis.itemUs, whatever the number of servers; with more of them each call carries fewer requests, and costs redis.callUs besides.${without.length === 0 ? "" : ` No dot at ${without.map(({ servers }) => servers).join(", ")} servers: too many buyers were turned away for all tickets to be sold.`}`,
    command: replay(points[0].cell),
    panels: [
      {
        title: "",
        x: logAxis(
          "ticket servers, logarithmic",
          points.map(({ servers }) => servers),
        ),
        y: logAxis("tickets per second, logarithmic", [
          ...highs([measured]),
          ...lows([measured]),
          redisMost,
        ]),
        marks: [
          measured,
          clipped(serversMost, Math.max(redisMost, ...highs([measured]))),
          {
            type: "rule",
            axis: "y",
            at: redisMost,
            isLimit: true,
            name: `Redis alone: ${amount(redisMost)}/s`,
          },
        ],
        faults: [],
        heightPx: 230,
      },
    ],
  };
}

/** A line through the origin, up to where it reaches `most`. */
function clipped(mark: MarkOf<"line">, most: number): MarkOf<"line"> {
  const points = mark.points.filter(([, value]) => value <= most);
  const beyond = mark.points.find(([, value]) => value > most);
  if (beyond !== undefined) points.push([(beyond[0] * most) / beyond[1], most]);
  return { ...mark, points };
}

const BINS_SHOWN_MAX = 300;

/** P11: what reaches Redis in each 10 ms, and how much waits there. */
export function redisPlot({ findings, replay }: Context): Plot {
  const { base, baseCell } = findings.answer;
  const [detail] = details(base);
  const { redisCalls, inRedis } = detail.timeline;
  const bins = Math.min(BINS_SHOWN_MAX, lastBusy(redisCalls) + 5, redisCalls.length);
  const x = linearAxis("seconds since the opening", [0, (bins * BIN_MS) / 1000], 0);
  const calls = steps(redisCalls.slice(0, bins).map((count) => (count / BIN_MS) * 1000));
  const backlog = steps(inRedis.slice(0, bins));
  const faults = faultRows(detail, (bins * BIN_MS) / 1000);
  return {
    id: "P11",
    title: "Redis: peak against duration",
    legend: `Seed ${base[0].seed}, the first ${duration(bins * BIN_MS)}. Calls that arrive in each ${BIN_MS} ms, as calls per second, and the most that were at Redis at once.`,
    command: replay(baseCell, base[0].seed),
    panels: [
      {
        title: "Calls per second",
        x,
        y: linearAxis(
          "calls per second",
          calls.map(([, value]) => value),
          0,
        ),
        marks: [step(`in bins of ${BIN_MS} ms`, 0, calls)],
        faults,
        heightPx: 170,
      },
      {
        title: "Calls at Redis",
        x,
        y: linearAxis(
          "calls, waiting or in service",
          backlog.map(([, value]) => value),
          0,
        ),
        marks: [step("most in each bin", 1, backlog)],
        faults,
        heightPx: 130,
      },
    ],
  };
}

function step(name: string, look: number, points: [number, number][]): Mark {
  return { type: "line", name, look, step: true, markers: false, points };
}

function lastBusy(counts: readonly number[]): number {
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  return Math.max(
    20,
    counts.findLastIndex((count) => count > most / 20),
  );
}

function steps(values: readonly number[]): [number, number][] {
  return values.map((value, bin) => [(bin * BIN_MS) / 1000, value]);
}

/** P12: how many are at each tier. */
export function queuesPlot({ findings, replay }: Context): Plot {
  const { base, baseCell } = findings.answer;
  const [detail] = details(base);
  const { inNginx, inServers, inRedis, inOrderDatabase } = detail.timeline;
  const busy = Math.max(...[inNginx, inServers, inRedis, inOrderDatabase].map(lastBusy));
  const bins = Math.min(busy + 5, inServers.length);
  const every = Math.max(1, Math.ceil(bins / BINS_SHOWN_MAX));
  const untilSeconds = (bins * BIN_MS) / 1000;
  const tier = (name: string, look: number, depths: readonly number[]): Panel => {
    const points: [number, number][] = [];
    for (let bin = 0; bin < bins; bin += every)
      points.push([(bin * BIN_MS) / 1000, Math.max(...depths.slice(bin, bin + every))]);
    return {
      title: name,
      x: linearAxis("seconds since the opening", [0, untilSeconds], 0),
      y: linearAxis(
        "most at once",
        points.map(([, value]) => value),
        0,
      ),
      marks: [{ type: "line", name: "", look, step: true, markers: false, points }],
      faults: faultRows(detail, untilSeconds),
      heightPx: 100,
    };
  };
  return {
    id: "P12",
    title: "Where requests wait",
    legend: `Seed ${base[0].seed}: the most that were at each tier at once, in service included, in each ${every * BIN_MS} ms. A request is at nginx until a worker process has passed it on, at a ticket server until its thread has read it; what then waits for Redis is at Redis.`,
    command: replay(baseCell, base[0].seed),
    panels: [
      tier("nginx", 3, inNginx),
      tier("Ticket servers", 0, inServers),
      tier("Redis", 1, inRedis),
      tier("Order database", 2, inOrderDatabase),
    ],
  };
}
