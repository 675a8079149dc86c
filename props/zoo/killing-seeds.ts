/**
 * For each mutant a run that kills it, so that the test suite need not search. What a seed does
 * changes with every change of the simulator: `npm run zoo -- --record` searches anew.
 */
import { readFileSync, writeFileSync } from "node:fs";
import type { Row } from "./job.ts";
import type { Language } from "./subject.ts";

const FILE = new URL("killing-seeds.json", import.meta.url);

export interface KillingSeed {
  readonly suite: string;
  /** Decimal. */
  readonly seed: string;
}

/** By `07 typescript`: the mutant and its language. */
export type KillingSeeds = Readonly<Record<string, KillingSeed>>;

export function killingSeedKey(id: string, language: Language): string {
  return `${id} ${language}`;
}

export function readKillingSeeds(): KillingSeeds {
  return JSON.parse(readFileSync(FILE, "utf8")) as KillingSeeds;
}

/** Takes the first kill of each row, and keeps what is stored for rows that were not hunted. */
export function recordKillingSeeds(rows: readonly Row[]): void {
  const seeds: Record<string, KillingSeed> = { ...readKillingSeeds() };
  for (const { id, language, hunts } of rows) {
    const kill = hunts.find((one) => one.kill?.enginePasses === true)?.kill;
    if (kill != null) seeds[killingSeedKey(id, language)] = { suite: kill.suite, seed: kill.seed };
  }
  const sorted = Object.entries(seeds).toSorted(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
}
