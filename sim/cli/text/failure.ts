/** What broke, told as a story, and whether a replay broke the same. */
import { story } from "../../faults/story.ts";
import type { Repro } from "../../repro.ts";
import type { SimulationResult } from "../../result.ts";
import type { Failure } from "../failure.ts";
import { plural } from "./format.ts";
import { paragraph } from "./layout.ts";
import type { Paint } from "./paint.ts";

/** @param replay The command that repeats the whole run, not the shrunk one. */
export function failureText(
  failure: Failure,
  reproFile: string,
  replay: string,
  paint: Paint,
): string[] {
  const { config, result, runsUsed, interrupted } = failure;
  const { buyers, servers } = config.scenario;
  const size =
    `${plural(buyers.count, "buyer")}, ${plural(servers.count, "server")}, ` +
    plural(config.plan.episodes.length, "fault");
  return [
    "",
    paint("bold", "What broke"),
    ...paragraph(story(config, result), "  "),
    "",
    runsUsed > 0
      ? `Shrunk in ${plural(runsUsed, "run")} to ${size}; saved as ${reproFile}`
      : `${interrupted ? "Interrupted before it was shrunk: " : ""}${size}; saved as ${reproFile}`,
    `the whole run again: ${replay}`,
  ];
}

/** The replay of a repro file, against what the file says. */
export function reproductionText(
  recorded: Repro,
  result: SimulationResult,
  paint: Paint,
): string[] {
  const rows: readonly (readonly [string, string, string])[] = [
    ["verdict", recorded.verdict, result.verdict],
    ["trace hash", recorded.traceHash, result.traceHash],
  ];
  return rows.map(([what, before, now]) =>
    before === now
      ? `${paint("green", "✓")} the ${what} is as recorded: ${now}`
      : `${paint("red", "✗")} the ${what} is ${now}, recorded was ${before}`,
  );
}
