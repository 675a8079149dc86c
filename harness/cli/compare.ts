/** The same scenario, plan and seed in the simulator, and both results side by side. */
import type { Strategy } from "../../core/strategy.ts";
import type { Interrupt } from "../../sim/cli/interrupt.ts";
import { drive } from "../../sim/cli/drive.ts";
import { table } from "../../sim/cli/text/layout.ts";
import type { Paint } from "../../sim/cli/text/paint.ts";
import type { RunConfig, SimulationResult } from "../../sim/result.ts";
import { Simulation } from "../../sim/simulation.ts";
import type { RealResult } from "../verdict/result.ts";

/** One figure in both worlds; null where one does not have it. */
export interface ComparedFigure {
  readonly what: string;
  readonly real: string | number | null;
  readonly simulated: string | number | null;
}

/** Runs it in the simulator: partial if it was interrupted. */
export async function simulate(
  config: RunConfig,
  strategy: Strategy,
  interrupt: Interrupt,
): Promise<SimulationResult> {
  const simulation = new Simulation(config, strategy);
  const finished = await drive(simulation, { interrupt });
  return simulation.result(!finished);
}

export function compareResults(
  real: RealResult,
  simulated: SimulationResult,
): readonly ComparedFigure[] {
  const same = [
    "verdict",
    "buyers",
    "acked",
    "confirmed",
    "free",
    "refused",
    "tryAgain",
    "unknown",
    "unresolved",
    "oversold",
    "undersold",
    "falseSoldOut",
    "hoarded",
    "refunds",
    "chargedInVain",
    "counterCallsPerTicket",
    "counterScriptsPerTicket",
  ] as const;
  return [
    ...same.map((what) => ({ what, real: real[what], simulated: simulated[what] })),
    {
      what: "statementsPerTicket",
      real: real.statementsPerTicket,
      simulated: simulated.layers.orders.statementsPerTicket,
    },
    { what: "p50 of ACK, ms", real: ackMs(real), simulated: ackMs(simulated) },
    { what: "seconds", real: real.seconds, simulated: simulated.virtualSeconds },
  ];
}

export function comparisonText(figures: readonly ComparedFigure[], paint: Paint): string[] {
  const rows = figures.map(({ what, real, simulated }) => [what, shown(real), shown(simulated)]);
  return [
    paint("bold", "The same plan in both worlds"),
    ...table(["", "real", "simulated"], rows, [1, 2]),
  ];
}

function shown(value: string | number | null): string {
  return value === null ? "–" : String(value);
}

function ackMs({ latencies }: Pick<SimulationResult, "latencies">): number | null {
  return latencies.find(({ answer }) => answer === "ACK")?.p50Ms ?? null;
}
