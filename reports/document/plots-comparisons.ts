/** P13 to P15: payment waves, strategies, sensitivity. */
import { duration } from "../../sim/cli/text/format.ts";
import { bandAxis, linearAxis, logAxis } from "./axes.ts";
import type { Context } from "./context.ts";
import { amount } from "./numbers.ts";
import type { Mark, MarkOf, Panel, Plot } from "./plot.ts";
import { placed, scaled } from "./plots-load.ts";
import { p99Limits } from "./plots-sale.ts";

/** P13: paid share by wave. */
export function wavesPlot({ findings, replay }: Context): Plot {
  const { waves } = findings;
  const holds = [...new Set(waves.map(({ holdMs }) => holdMs))];
  const panels = holds.map((holdMs): Panel => {
    const curves = waves.filter((wave) => wave.holdMs === holdMs);
    const values = curves.flatMap(({ paidShare, formula }) =>
      [...paidShare.map(({ low, mean }) => low ?? mean ?? 1), ...formula].map((part) => part * 100),
    );
    return {
      title: `Timeout ${amount(holdMs / 1000)} s`,
      x: bandAxis(
        "wave",
        curves[0].formula.map((_, wave) => String(wave)),
      ),
      y: linearAxis("% of tickets paid", [...values, 100]),
      marks: curves.flatMap(({ noShow, paidShare, formula }, look): Mark[] => [
        {
          type: "dots",
          name: `${amount(noShow * 100)} % do not pay`,
          look,
          along: "x",
          points: paidShare.flatMap((share, wave) => placed(wave, scaled(share, 100))),
        },
        {
          type: "line",
          name: look === 0 ? "lines: the formula" : "",
          look: look === 0 ? 5 : look,
          step: false,
          markers: false,
          points: formula.map((share, wave): [number, number] => [wave, share * 100]),
        },
      ]),
      faults: [],
      heightPx: 180,
    };
  });
  return {
    id: "P13",
    title: "Payment waves",
    legend: `Paid share of the tickets after each wave: unpaid tickets run out and are sold to those who come back. ${waves[0].seeds} seeds for each curve; lines are the formula 1 - ν^(w+1) for a share ν who do not pay.`,
    command: replay(waves[0].cell),
    panels,
  };
}

/** P14: three strategies, four measures. */
export function strategiesPlot({ findings, scenario, replay }: Context): Plot {
  const { results } = findings.strategies;
  const names = results.map(({ strategy }) => strategy);
  const panel = (
    title: string,
    label: string,
    measure: "statementsPerTicket" | "oversold" | "unpaid" | "refunds" | "winnerP99Ms",
    logarithmic: boolean,
    limits: MarkOf<"rule">[] = [],
  ): Panel => {
    const marks: MarkOf<"dots">[] = [
      {
        type: "dots",
        name: "",
        look: 0,
        along: "y",
        points: results.flatMap(({ estimates }, y) => placed(y, estimates[measure]!)),
      },
    ];
    const values = [
      ...marks[0].points.flatMap(({ low, high }) => [low, high]),
      ...limits.map(({ at }) => at),
    ];
    return {
      title,
      x: logarithmic ? logAxis(label, values) : linearAxis(label, [...values, 1], 0),
      y: bandAxis("strategy", names),
      marks: [...marks, ...limits],
      faults: [],
      heightPx: names.length * 26,
    };
  };
  return {
    id: "P14",
    title: "Three strategies on the same buyers",
    legend: `Means with their 95 % intervals, ${results[0].seeds} seeds, the same for all three. Not faults: the difference is the order of the steps.`,
    command: replay(results[0].cell),
    panels: [
      panel(
        "Database statements per ticket paid",
        "statements, logarithmic",
        "statementsPerTicket",
        true,
      ),
      panel("Oversold", "tickets", "oversold", false),
      panel("Not paid in the end", "tickets", "unpaid", false),
      panel("Payers to refund", "payers", "refunds", false),
      panel("p99 of those who get a ticket", "ms, logarithmic", "winnerP99Ms", true, [
        { ...p99Limits(scenario.slo.p99Ms.winner)[0], axis: "x" },
      ]),
    ],
  };
}

/** P15: tornado. */
export function sensitivityPlot({ findings, scenario, replay }: Context): Plot {
  const { inputs, base, baseCell, measure, seeds } = findings.sensitivity;
  const limitMs = measure === "winnerP99Ms" ? scenario.slo.p99Ms.winner : scenario.slo.sellOutMs;
  const centre = base ?? 0;
  const bars = (key: "atLow" | "atHigh", look: number, name: string): Mark => ({
    type: "bars",
    name,
    look,
    bars: inputs.flatMap((input, y) => {
      const to = input[key];
      return to === null ? [] : [{ y, from: centre, to }];
    }),
  });
  const values = inputs.flatMap(({ atLow, atHigh }) => [atLow ?? centre, atHigh ?? centre]);
  const spread = Math.max(...values, centre) - Math.min(...values, centre);
  const edge = spread === 0 ? 1 : spread * 0.1;
  return {
    id: "P15",
    title: "Which input matters",
    legend: `Each input a fifth down and a fifth up, all else equal, ${seeds} seeds, the same for all; the answer is ${measure === "winnerP99Ms" ? "the p99 of those who get a ticket" : "the sell-out time"}. Measure first what stands on top. The limit is ${duration(limitMs)}.`,
    command: replay(baseCell),
    panels: [
      {
        title: "",
        x: linearAxis("ms", [
          Math.max(0, Math.min(...values, centre) - edge),
          Math.max(...values, centre) + edge,
        ]),
        y: bandAxis(
          "input",
          inputs.map(({ input }) => input),
        ),
        marks: [
          bars("atLow", 0, "input 20 % lower"),
          bars("atHigh", 1, "input 20 % higher"),
          { type: "rule", axis: "x", at: centre, isLimit: false, name: "as it is" },
        ],
        faults: [],
        heightPx: inputs.length * 26,
      },
    ],
  };
}
