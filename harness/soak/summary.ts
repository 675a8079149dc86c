/** What a soak has found. */
import { EXIT } from "../../sim/cli/exit-codes.ts";
import type { RealResult } from "../verdict/result.ts";

export interface SoakOutcome {
  readonly seed: string;
  readonly verdict: RealResult["verdict"];
  readonly faults: number;
  /** Invariants that broke and what is pending, as sentences. */
  readonly why: readonly string[];
  readonly seconds: number;
  /** The command that runs it again; null if it passed. */
  readonly replay: string | null;
}

export interface SoakSummary {
  readonly schemaVersion: 1;
  readonly strategy: string;
  readonly plans: number;
  readonly passed: number;
  readonly violated: number;
  readonly noProgress: number;
  /** True if it was interrupted before all plans were run. */
  readonly partial: boolean;
  /** How often each kind of fault happened. */
  readonly faultKinds: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly failures: readonly SoakOutcome[];
}

export function whyOf({ invariants, pending }: RealResult): string[] {
  const broken = invariants.filter(({ ok }) => !ok);
  return [...broken.map(({ name, detail }) => `${name}: ${detail}`), ...pending];
}

export function exitCodeOfSoak({ violated, noProgress, partial }: SoakSummary): number {
  if (violated > 0) return EXIT.violated;
  if (noProgress > 0) return EXIT.noProgress;
  return partial ? EXIT.interrupted : EXIT.passed;
}

export function soakText(summary: SoakSummary): string {
  const { plans, passed, seconds, failures, faultKinds, partial } = summary;
  const kinds = Object.entries(faultKinds).toSorted(([a], [b]) => a.localeCompare(b));
  return [
    `${passed} of ${plans} plans passed in ${Math.round(seconds)} s` +
      (partial ? " (interrupted)" : ""),
    `faults: ${kinds.map(([kind, count]) => `${count} ${kind}`).join(", ")}`,
    ...failures.flatMap(({ seed, verdict, why, replay }) => [
      "",
      `seed ${seed}: ${verdict}`,
      ...why.map((line) => `  ${line}`),
      `  ${replay}`,
    ]),
  ].join("\n");
}
