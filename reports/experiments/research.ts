/** All experiments of a report, one after the other, and what they found. */
import type { BufferSizing } from "./buffers.ts";
import { sizeBuffers } from "./buffers.ts";
import type { FullSizeTrial } from "./full-size.ts";
import { tryAtFullSize } from "./full-size.ts";
import type { Lab, CellRuns } from "./lab.ts";
import type { Capacity, Scaling } from "./load.ts";
import { findCapacity, findScaling } from "./load.ts";
import type { Answer } from "./requirements.ts";
import { testRequirements } from "./requirements.ts";
import type { SensitivityResult } from "./sensitivity.ts";
import { findSensitivity } from "./sensitivity.ts";
import type { ServerSizing } from "./servers.ts";
import { sizeServers } from "./servers.ts";
import type { Strategies } from "./strategies.ts";
import { compareStrategies } from "./strategies.ts";
import type { WaveCurve } from "./waves.ts";
import { findWaves } from "./waves.ts";

export interface Findings {
  readonly answer: Answer;
  readonly servers: ServerSizing;
  readonly buffers: BufferSizing;
  readonly fullSize: readonly FullSizeTrial[];
  readonly capacity: Capacity;
  readonly scaling: Scaling;
  readonly waves: readonly WaveCurve[];
  readonly strategies: Strategies;
  readonly sensitivity: SensitivityResult;
  readonly runs: readonly CellRuns[];
}

/** Called before each experiment: its name, how many are done, and of how many. */
export type OnExperiment = (name: string, done: number, total: number) => void;

export const EXPERIMENTS = [
  "answer",
  "servers",
  "buffers",
  "full size",
  "capacity",
  "scaling",
  "waves",
  "strategies",
  "sensitivity",
] as const;

/** One after the other, so that which cell was first asked for does not depend on the machine. */
export async function research(lab: Lab, onExperiment: OnExperiment): Promise<Findings> {
  const begin = (name: (typeof EXPERIMENTS)[number]): void => {
    lab.experiment = name;
    onExperiment(name, EXPERIMENTS.indexOf(name), EXPERIMENTS.length);
  };
  begin("answer");
  const answer = await testRequirements(lab);
  begin("servers");
  const servers = await sizeServers(lab);
  begin("buffers");
  const buffers = await sizeBuffers(lab);
  begin("full size");
  const fullSize = await tryAtFullSize(lab, servers, buffers);
  begin("capacity");
  const capacity = await findCapacity(lab);
  begin("scaling");
  const scaling = await findScaling(lab);
  begin("waves");
  const waves = await findWaves(lab);
  begin("strategies");
  const strategies = await compareStrategies(lab);
  begin("sensitivity");
  const sensitivity = await findSensitivity(lab);
  const runs = await lab.runs();
  return {
    answer,
    servers,
    buffers,
    fullSize,
    capacity,
    scaling,
    waves,
    strategies,
    sensitivity,
    runs,
  };
}
