/** `--trace FILE`: the events of a run, in the format that the file's name asks for. */
import type { TraceListener } from "../../kernel/trace.ts";
import type { RunConfig, SimulationResult } from "../../result.ts";
import { UsageError } from "../usage-error.ts";
import { ChromeTrace } from "./chrome.ts";
import { JsonLinesTrace } from "./jsonl.ts";

export interface TraceFile extends TraceListener {
  /** Writes what is still to be written. A message for the person, if there is something to say. */
  finish(result: SimulationResult): string | null;
}

/** @throws UsageError for another ending, or if the file cannot be made. */
export function openTrace(file: string, config: RunConfig): TraceFile {
  if (file.endsWith(".jsonl")) return new JsonLinesTrace(file);
  if (file.endsWith(".json")) return new ChromeTrace(file, config);
  throw new UsageError(
    `--trace: expected FILE.jsonl (one event a line) or FILE.json (Chrome trace, Perfetto), got ${file}`,
  );
}
