/** What happened, in the order in which one asks: sold over time, to whom, how, and was it right. */
import type { RunConfig, SimulationResult } from "../../result.ts";
import { buildTopology } from "../../world/topology.ts";
import { latenciesText } from "./latencies.ts";
import { layersText } from "./layers.ts";
import { invariantsText, saleText, simulatedText, verdictText } from "./outcome.ts";
import type { Paint } from "./paint.ts";
import { stockCharts } from "./stock-chart.ts";

export function resultText(config: RunConfig, result: SimulationResult, paint: Paint): string[] {
  return [
    ...stockCharts(config, result, buildTopology(config.scenario), paint),
    "",
    ...saleText(result, simulatedText(result), paint),
    "",
    ...layersText(result.layers, paint),
    "",
    ...latenciesText(result.latencies, paint),
    "",
    ...invariantsText(result.invariants, paint),
    "",
    ...verdictText(result, paint),
  ];
}
