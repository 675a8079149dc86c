/**
 * A case that broke something, as a file keeps it: the committed one of found cases
 * (`found-seeds.json`), and the repro file of a failure. The case itself is in it, so that it keeps
 * its meaning when the generators change; seed and path say where it came from.
 */
import { renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { nameOf, parseJson, readText } from "../../sim/cli/input-file.ts";
import { parseOrExplain } from "../../sim/scenario/explain.ts";

const CaseSchema = v.strictObject({
  property: v.pipe(v.string(), v.nonEmpty()),
  /** What the case broke: an invariant, or a promise of a strategy. */
  broken: v.pipe(v.string(), v.nonEmpty()),
  detail: v.string(),
  /** Name of the strategy that it broke. */
  strategy: v.string(),
  /** Decimal, 64 bits. */
  seed: v.pipe(v.string(), v.regex(/^\d{1,20}$/u)),
  fastCheckSeed: v.pipe(v.number(), v.integer()),
  path: v.string(),
  value: v.unknown(),
});

const FoundSchema = v.strictObject({ schemaVersion: v.literal(1), cases: v.array(CaseSchema) });

export type Case = v.InferOutput<typeof CaseSchema>;

/** The committed file. */
export const FOUND_FILE = fileURLToPath(new URL("found-seeds.json", import.meta.url));

/** @throws UsageError if it is no such file. */
export function readCases(file: string): readonly Case[] {
  return parseOrExplain(FoundSchema, parseJson(readText(file), file), nameOf(file)).cases;
}

/** Writes beside the file and renames, so that an interrupted write leaves no half of one. */
export function writeCases(file: string, cases: readonly Case[]): void {
  const half = `${file}.${process.pid}.tmp`;
  writeFileSync(half, `${JSON.stringify({ schemaVersion: 1, cases }, null, 1)}\n`);
  renameSync(half, file);
}

/** Adds a case to the file, unless it is there. */
export function recordCase(file: string, found: Case): void {
  const cases = readCases(file);
  const isKnown = cases.some(
    ({ property, value }) =>
      property === found.property && JSON.stringify(value) === JSON.stringify(found.value),
  );
  if (!isKnown) writeCases(file, [...cases, found]);
}
