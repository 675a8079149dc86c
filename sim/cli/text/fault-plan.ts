/** The fault plan as a table: what happens to whom, when, and for how long. */
import { fixedDuration } from "../../faults/plan.ts";
import { targetNames } from "../../faults/targets.ts";
import type { Episode, FaultPlan } from "../../faults/vocabulary.ts";
import type { Topology } from "../../world/topology.ts";
import { duration, percent } from "./format.ts";
import { table } from "./layout.ts";
import type { Paint } from "./paint.ts";

const ROWS_MAX = 40;

export function faultPlanText(plan: FaultPlan, topology: Topology, paint: Paint): string[] {
  const { episodes } = plan;
  if (episodes.length === 0) return [paint("bold", "No faults")];
  const rows = episodes
    .slice(0, ROWS_MAX)
    .map((episode, i) => [
      String(i),
      duration(episode.atMs),
      lasting(episode),
      episode.kind,
      episodeTarget(episode, topology),
      details(episode),
    ]);
  const more = episodes.length - rows.length;
  return [
    paint("bold", `Faults (${episodes.length})`),
    ...table(["#", "at", "for", "what", "where", ""], rows, [0, 1, 2]),
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ];
}

/** The name of what an episode hits; empty if its kind has no target. */
export function episodeTarget({ kind, target }: Episode, topology: Topology): string {
  return target === undefined ? "" : (targetNames(kind, topology)?.[target] ?? "");
}

function lasting({ kind, forMs }: Episode): string {
  if (forMs !== undefined) return duration(forMs);
  return fixedDuration(kind) ?? "until healed";
}

function details({ factor, share, delayMs, direction, moment, silent, cost }: Episode): string {
  const pieces: string[] = [];
  if (factor !== undefined) pieces.push(`${factor} times slower`);
  if (share !== undefined) pieces.push(percent(share));
  if (delayMs !== undefined) pieces.push(`by ${duration(delayMs)}`);
  if (direction !== undefined && direction !== "both") pieces.push(`${direction} only`);
  if (moment !== undefined && moment !== "any") pieces.push(moment);
  if (silent === true) pieces.push("carrier stays up");
  if (cost !== undefined) pieces.push(`to ${cost}`);
  return pieces.join(", ");
}
