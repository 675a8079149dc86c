/** Everything that decides a run as one JSON object: what `--print-config` prints. */
import * as v from "valibot";
import { FaultPlanSchema } from "../faults/vocabulary.ts";
import type { RunConfig } from "../result.ts";
import { parseOrExplain } from "../scenario/explain.ts";
import { ScenarioSchema } from "../scenario/schema.ts";
import { parseSeed } from "./seed.ts";

const PrintedConfigSchema = v.strictObject({
  schemaVersion: v.literal(1),
  /** As text, because JSON numbers have 53 bits. */
  seed: v.string(),
  strategy: v.string(),
  scenario: ScenarioSchema,
  plan: FaultPlanSchema,
});

export type PrintedConfig = v.InferOutput<typeof PrintedConfigSchema>;

export function printedConfig({ seed, strategy, scenario, plan }: RunConfig): PrintedConfig {
  return { schemaVersion: 1, seed: seed.toString(), strategy, scenario, plan };
}

/** A scenario has no key `scenario`; a printed configuration has. */
export function isPrintedConfig(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "scenario");
}

/** @throws UsageError naming the file and the wrong path. */
export function parsePrintedConfig(value: unknown, where: string): RunConfig {
  const { seed, strategy, scenario, plan } = parseOrExplain(PrintedConfigSchema, value, where);
  return { seed: parseSeed(seed, `${where}: seed`), strategy, scenario, plan };
}
