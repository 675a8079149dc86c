/** Runs the simulation, once or, to check its determinism, twice. */
import type { Strategy } from "../../core/strategy.ts";
import { checkDeterminism, checkPrefix } from "../determinism.ts";
import type { TraceListener } from "../kernel/trace.ts";
import type { RunConfig, SimulationResult } from "../result.ts";
import { Simulation } from "../simulation.ts";
import type { TrafficSample } from "../world/traffic.ts";
import { drive } from "./drive.ts";
import { Interrupted } from "./interrupt.ts";
import type { Interrupt } from "./interrupt.ts";
import type { ProgressBar } from "./progress-bar.ts";
import { rehearse } from "./rehearsal.ts";
import { yieldToEventLoop } from "./wall-clock.ts";

export interface Execution {
  readonly config: RunConfig;
  readonly strategy: Strategy;
  readonly trace: TraceListener | null;
  readonly interrupt: Interrupt;
  readonly progressBar: ProgressBar;
}

export interface Outcome {
  readonly result: SimulationResult;
  readonly traffic: readonly TrafficSample[];
}

/** The outcome of one run; partial if it was interrupted. */
export async function runOnce(execution: Execution): Promise<Outcome> {
  const { config, strategy, trace, interrupt, progressBar } = execution;
  await rehearse(config, strategy, yieldToEventLoop);
  const simulation = new Simulation(config, strategy, trace);
  const finished = await drive(simulation, {
    interrupt,
    onSlice: () => progressBar.run(config.scenario, () => simulation.progress()),
  });
  progressBar.clear();
  const traffic = simulation.traffic();
  if (!finished) return { result: simulation.result(true), traffic };
  const again = (): Simulation => new Simulation(config, strategy, null);
  const { same, description } = await checkPrefix(simulation, again, yieldToEventLoop);
  return { result: withDeterminism(simulation.result(), same, description), traffic };
}

/** The outcome of two runs that must be the same; the invariant `determinism` says whether they are. */
export async function runTwice(execution: Execution): Promise<Outcome> {
  const { config, strategy, trace, interrupt, progressBar } = execution;
  const simulations: Simulation[] = [];
  const makeSimulation = (listener: TraceListener | null): Simulation => {
    const listeners = trace !== null && simulations.length === 0 ? tee(listener, trace) : listener;
    const simulation = new Simulation(config, strategy, listeners);
    simulations.push(simulation);
    return simulation;
  };
  const yieldControl = async (): Promise<void> => {
    progressBar.run(config.scenario, () => simulations.at(-1)!.progress());
    await yieldToEventLoop();
    interrupt.check();
  };
  try {
    const outcome = await checkDeterminism(makeSimulation, yieldControl);
    progressBar.clear();
    const result = withDeterminism(
      simulations[0].result(),
      outcome.same,
      outcome.same ? "two runs, event by event the same" : outcome.description,
    );
    return { result, traffic: simulations[0].traffic() };
  } catch (error) {
    progressBar.clear();
    if (!(error instanceof Interrupted)) throw error;
    // The first run is the result, whichever of the two was interrupted.
    return { result: simulations[0].result(true), traffic: simulations[0].traffic() };
  }
}

function tee(first: TraceListener | null, second: TraceListener): TraceListener {
  if (first === null) return second;
  return {
    event(timeNs, kind, entity, sequence, detail, hash) {
      first.event(timeNs, kind, entity, sequence, detail, hash);
      second.event(timeNs, kind, entity, sequence, detail, hash);
    },
  };
}

function withDeterminism(result: SimulationResult, ok: boolean, detail: string): SimulationResult {
  return {
    ...result,
    verdict: ok ? result.verdict : "violated",
    invariants: result.invariants.map((invariant) =>
      invariant.name === "determinism" ? { ...invariant, ok, detail } : invariant,
    ),
  };
}
