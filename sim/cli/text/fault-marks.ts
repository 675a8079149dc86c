/** Faults on the time axis of a chart: a line for each, or for each kind if they are many. */
import { fixedDuration } from "../../faults/plan.ts";
import type { Episode } from "../../faults/vocabulary.ts";
import type { Topology } from "../../world/topology.ts";
import { episodeTarget } from "./fault-plan.ts";
import { columnOf } from "./time-axis.ts";
import type { TimeAxis } from "./time-axis.ts";

const LINES_MAX = 12;
const START = "×";
const LASTS = "─";

/** Episodes that begin on the axis, as lines of at most `axis.columns` characters. */
export function faultMarks(
  episodes: readonly Episode[],
  topology: Topology,
  axis: TimeAxis,
): string[] {
  const shown = episodes.filter(({ atMs }) => atMs >= axis.fromMs && atMs < axis.toMs);
  const groups =
    shown.length <= LINES_MAX
      ? shown.map((episode) => [episode])
      : [...new Set(shown.map(({ kind }) => kind))].map((kind) =>
          shown.filter((episode) => episode.kind === kind),
        );
  return groups.map((group) => markLine(group, labelOf(group, topology), axis));
}

function labelOf(group: readonly Episode[], topology: Topology): string {
  const [first] = group;
  return group.length === 1
    ? `${first.kind} ${episodeTarget(first, topology)}`.trimEnd()
    : `${first.kind} (${group.length})`;
}

function markLine(episodes: readonly Episode[], label: string, axis: TimeAxis): string {
  const cells = Array.from({ length: axis.columns }, () => " ");
  const starts = episodes.map(({ atMs }) => columnOf(axis, atMs));
  episodes.forEach((episode, i) => {
    const end = lastColumn(episode, axis);
    for (let column = starts[i]; column <= end && column < axis.columns; column += 1)
      cells[column] = LASTS;
  });
  for (const start of starts) cells[start] = START;
  const text = ` ${label} `;
  const at = labelColumn(starts, text.length, axis);
  for (let i = 0; i < text.length; i += 1) cells[at + i] = text[i];
  return cells.join("").trimEnd();
}

function lastColumn({ kind, atMs, forMs }: Episode, axis: TimeAxis): number {
  if (fixedDuration(kind) === "a moment") return columnOf(axis, atMs);
  return forMs === undefined ? axis.columns - 1 : columnOf(axis, atMs + forMs);
}

/** After the last mark, or before the first where there is no room. */
function labelColumn(starts: readonly number[], length: number, axis: TimeAxis): number {
  const after = Math.max(...starts) + 1;
  if (after + length <= axis.columns) return after;
  return Math.max(0, Math.min(...starts) - length);
}
