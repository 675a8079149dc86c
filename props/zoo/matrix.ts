/** The matrix: for people as text, for programs as JSON. */
import { INVARIANTS } from "../../core/invariants/findings.ts";
import type { InvariantName } from "../../core/invariants/findings.ts";
import { ABSENT } from "./absent.ts";
import type { CheckerRow } from "./checkers/job.ts";
import type { Kill } from "./hunt.ts";
import type { Row } from "./job.ts";

/** The zoo does not look for it: the same seed twice gives the same run, mutant or not. */
const HUNTED = INVARIANTS.filter((name) => name !== "determinism");

export type RowVerdict =
  | "killed"
  /** Some start ended without a kill. */
  | "survived"
  | "never executed"
  /** The run that kills it fails without the bug, too. */
  | "engine fails"
  | "not hunted";

export function verdictOf({ hunts, plantedHits, error }: Row): RowVerdict {
  if (error !== null) return "not hunted";
  if (plantedHits === 0) return "never executed";
  if (hunts.some(({ kill }) => kill === null)) return "survived";
  return hunts.every(({ kill }) => kill!.enginePasses) ? "killed" : "engine fails";
}

/** Rows that fail the command. */
function failures(rows: readonly Row[]): readonly Row[] {
  return rows.filter((row) => verdictOf(row) !== "killed");
}

/** Invariants by which no mutant died. */
function idleInvariants(rows: readonly Row[]): readonly InvariantName[] {
  return HUNTED.filter((name) => killedBy(name, rows).length === 0);
}

/** What the zoo found. */
export interface Findings {
  readonly rows: readonly Row[];
  readonly checkers: readonly CheckerRow[];
  /** Whether all were hunted, so that every invariant must have killed something. */
  readonly isWhole: boolean;
  /** Whether somebody stopped it before all were hunted. */
  readonly isPartial: boolean;
}

/** All dead, all checkers given away, and no invariant without a kill. */
export function hasPassed({ rows, checkers, isWhole, isPartial }: Findings): boolean {
  const allDead = failures(rows).length === 0 && exposed(checkers) === checkers.length;
  return !isPartial && allDead && (!isWhole || idleInvariants(rows).length === 0);
}

const HEADER = ["", "bug", "in", "must break", "broke", "seeds", "suite", "executed"];
const WIDTHS = [7, 52, 10, 33, 33, 14, 21, 0];

export function headerText(): string {
  return line(HEADER);
}

export function rowText(row: Row): string {
  const kills = killsOf(row);
  const verdict = verdictOf(row);
  const language = row.language === "lua" ? "Lua" : "TypeScript";
  const text = line([
    row.id,
    row.title,
    language,
    row.mustBreak.join(" or "),
    listed(kills.map(({ invariant }) => invariant)),
    `${medianSeeds(row) ?? "-"} (${row.hunts.map(({ kill, seeds }) => (kill ? seeds : `>${seeds}`)).join(", ")})`,
    listed(kills.map(({ suite }) => suite)),
    row.plantedHits > 0 ? "yes" : "no",
  ]);
  const why = row.error ?? row.hunts.find(({ threw }) => threw !== null)?.threw ?? "";
  return verdict === "killed" ? text : `${text}  ${verdict.toUpperCase()}${why && `: ${why}`}`;
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, i) => cell.padEnd(WIDTHS[i]))
    .join(" ")
    .trimEnd();
}

function checkerText({ title, invariant, suite, blindTo, exposure, error }: CheckerRow): string {
  const how = blindTo === null ? "false alarm" : `blind to ${blindTo}`;
  const outcome =
    exposure === null ? `NOT GIVEN AWAY${error ? `: ${error}` : ""}` : `seed ${exposure.seed}`;
  return `  ${invariant.padEnd(17)} ${title.padEnd(70)} ${how.padEnd(13)} ${suite.padEnd(14)} ${outcome}`;
}

/** What follows the rows: what each invariant killed, and what is no mutant here. */
export function summaryText({ rows, checkers, isPartial }: Findings): string {
  const width = Math.max(...HUNTED.map((name) => name.length));
  const coverage = HUNTED.map(
    (name) => `  ${name.padEnd(width)}  ${killedBy(name, rows).join(" ") || "nothing"}`,
  );
  const absent = ABSENT.map(({ id, title, why }) => `  ${id.padEnd(4)} ${title}: ${why}`);
  const bad = failures(rows);
  return [
    "",
    "what died by which invariant:",
    ...coverage,
    "",
    "bugs of the list that cannot exist here:",
    ...absent,
    ...(checkers.length > 0
      ? ["", "mutants of the checkers, and the run that gives each away:"]
      : []),
    ...checkers.map(checkerText),
    "",
    ...(isPartial ? ["interrupted: what follows is not all"] : []),
    bad.length === 0
      ? `${rows.length} rows: all killed`
      : `${rows.length} rows: ${bad.length} not killed: ${bad.map(name).join(", ")}`,
    `${checkers.length} checkers: ${checkers.length - exposed(checkers)} not given away`,
  ].join("\n");
}

/** How many of them a run gives away. */
function exposed(checkers: readonly CheckerRow[]): number {
  return checkers.filter(({ exposure }) => exposure !== null).length;
}

export function toJson(findings: Findings): string {
  const { rows, checkers } = findings;
  return JSON.stringify({
    schemaVersion: 2,
    passed: hasPassed(findings),
    partial: findings.isPartial,
    mutants: rows.map((row) => ({
      id: row.id,
      number: Number.parseInt(row.id, 10) || null,
      title: row.title,
      language: row.language,
      mustBreak: row.mustBreak,
      verdict: verdictOf(row),
      killed: verdictOf(row) === "killed",
      executed: row.plantedHits > 0,
      plantedHits: row.plantedHits,
      broke: [...new Set(killsOf(row).map(({ invariant }) => invariant))],
      suites: [...new Set(killsOf(row).map(({ suite }) => suite))],
      seedsNeeded: medianSeeds(row),
      starts: row.hunts,
      error: row.error,
    })),
    invariants: Object.fromEntries(HUNTED.map((one) => [one, killedBy(one, rows)])),
    absent: ABSENT,
    checkers,
  });
}

function name({ id, language }: Row): string {
  return language === "lua" ? `${id} in Lua` : id;
}

function killsOf({ hunts }: Row): Kill[] {
  return hunts.flatMap(({ kill }) => kill ?? []);
}

function listed(names: readonly string[]): string {
  return [...new Set(names)].join(", ") || "-";
}

/** Of the starts; null if a start did not kill. */
function medianSeeds({ hunts }: Row): number | null {
  if (hunts.length === 0 || hunts.some(({ kill }) => kill === null)) return null;
  return hunts.map(({ seeds }) => seeds).toSorted((a, b) => a - b)[Math.floor(hunts.length / 2)];
}

/** Mutants that died by the invariant at some start. */
function killedBy(invariant: InvariantName, rows: readonly Row[]): string[] {
  const died = rows.filter((row) => killsOf(row).some((kill) => kill.invariant === invariant));
  return [...new Set(died.map(({ id }) => id))];
}
