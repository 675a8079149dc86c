/**
 * For each mutant a seed that kills it, so that the test suite need not search. What a seed does
 * changes with every change of the simulator: `npm run zoo -- --record` searches anew.
 */
import { readFileSync, writeFileSync } from "node:fs";

const FILE = new URL("killing-seeds.json", import.meta.url);

/** Decimal seeds by strategy name. */
export type KillingSeeds = Readonly<Record<string, string>>;

export function readKillingSeeds(): KillingSeeds {
  return JSON.parse(readFileSync(FILE, "utf8")) as KillingSeeds;
}

export function writeKillingSeeds(seeds: KillingSeeds): void {
  writeFileSync(FILE, `${JSON.stringify(seeds, null, 2)}\n`);
}
