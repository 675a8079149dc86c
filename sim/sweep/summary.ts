/** What a sweep found, for people and as JSON. */
import { INVARIANTS } from "../../core/invariants/findings.ts";
import type { InvariantName } from "../../core/invariants/findings.ts";
import { EXIT } from "../cli/exit-codes.ts";
import { command } from "../cli/replay.ts";
import type { SeedOutcome, SweepTarget } from "./run-seed.ts";

/** By the rule of three: after n runs without failure, 95 % sure that fewer than 3/n fail. */
const RULE_OF_THREE = 3;
const FAILURES_TOLD_MAX = 20;
const DETAIL_LENGTH_MAX = 200;

export interface SweepFailure extends Pick<SeedOutcome, "seed" | "verdict" | "broken" | "detail"> {
  readonly replay: string;
}

export interface SweepSummary extends SweepTarget {
  readonly schemaVersion: 1;
  readonly seedFrom: string;
  readonly seedsAsked: number;
  /** Seeds run; fewer than asked if the sweep was interrupted. */
  readonly seeds: number;
  readonly partial: boolean;
  readonly passed: number;
  readonly violated: number;
  readonly noProgress: number;
  readonly errors: number;
  /** How many seeds broke each invariant. */
  readonly brokenByInvariant: Readonly<Partial<Record<InvariantName, number>>>;
  /** Upper bound (95 %) on the share of seeds that fail; null if one did. */
  readonly failureShareBelow: number | null;
  readonly events: number;
  readonly failures: readonly SweepFailure[];
}

export function summarise(
  target: SweepTarget,
  seedFrom: bigint,
  seedsAsked: number,
  outcomes: readonly SeedOutcome[],
): SweepSummary {
  const count = (verdict: SeedOutcome["verdict"]): number =>
    outcomes.filter((outcome) => outcome.verdict === verdict).length;
  const failures = outcomes.filter(({ verdict }) => verdict !== "passed");
  return {
    schemaVersion: 1,
    ...target,
    seedFrom: seedFrom.toString(),
    seedsAsked,
    seeds: outcomes.length,
    partial: outcomes.length < seedsAsked,
    passed: count("passed"),
    violated: count("violated"),
    noProgress: count("no-progress"),
    errors: count("error"),
    brokenByInvariant: countBroken(outcomes),
    failureShareBelow:
      failures.length === 0 && outcomes.length > 0 ? RULE_OF_THREE / outcomes.length : null,
    events: outcomes.reduce((sum, { events }) => sum + events, 0),
    failures: failures.map(({ seed, verdict, broken, detail }) => ({
      seed,
      verdict,
      broken,
      detail,
      replay: replayCommand(target, seed),
    })),
  };
}

function countBroken(outcomes: readonly SeedOutcome[]): SweepSummary["brokenByInvariant"] {
  const counts: Partial<Record<InvariantName, number>> = {};
  for (const name of INVARIANTS) {
    const count = outcomes.filter(({ broken }) => broken.includes(name)).length;
    if (count > 0) counts[name] = count;
  }
  return counts;
}

export function replayCommand({ scenario, strategy, faults }: SweepTarget, seed: string): string {
  const flags = { seed, scenario, faults, strategy };
  return command(Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]));
}

export function exitCodeOfSweep({ partial, violated, errors, noProgress }: SweepSummary): number {
  if (partial) return EXIT.interrupted;
  if (violated > 0) return EXIT.violated;
  if (errors > 0) return EXIT.internal;
  return noProgress > 0 ? EXIT.noProgress : EXIT.passed;
}

/** Several lines, the failures last, each with the command that repeats it. */
export function summaryText(summary: SweepSummary): string {
  const { seeds, passed, violated, noProgress, errors, failureShareBelow } = summary;
  const lines = [
    `${summary.strategy} on ${summary.scenario}, faults ${summary.faults}, ` +
      `seeds ${summary.seedFrom} and on`,
    `${seeds} seeds${summary.partial ? ` of ${summary.seedsAsked}, interrupted` : ""}: ` +
      `${passed} passed, ${violated} violated, ${noProgress} without progress, ` +
      `${errors} errors of the simulator`,
  ];
  for (const [name, count] of Object.entries(summary.brokenByInvariant))
    lines.push(`  ${name} broke in ${count}`);
  if (failureShareBelow !== null)
    lines.push(`no failure in ${seeds}: p < ${failureShareBelow.toPrecision(2)} (3/n, 95 %)`);
  for (const failure of summary.failures.slice(0, FAILURES_TOLD_MAX))
    lines.push("", ...tellFailure(failure));
  const untold = summary.failures.length - FAILURES_TOLD_MAX;
  if (untold > 0) lines.push("", `and ${untold} more failing seeds (--json lists them all)`);
  return lines.join("\n");
}

function tellFailure({ seed, verdict, broken, detail, replay }: SweepFailure): string[] {
  const short =
    detail.length <= DETAIL_LENGTH_MAX ? detail : `${detail.slice(0, DETAIL_LENGTH_MAX)}…`;
  return [
    `seed ${seed}: ${verdict}${broken.length === 0 ? "" : `: ${broken.join(", ")}`}`,
    `  ${short}`,
    `  ${replay}`,
  ];
}
