/** Finds the mutants: one file each in `mutants/`, its number first in the name. */
import { readdir } from "node:fs/promises";
import type { Strategy } from "../../core/strategy.ts";
import type { Mutant } from "./mutant.ts";

const DIRECTORY = new URL("mutants/", import.meta.url);

/** What a file in `mutants/` exports. */
interface MutantModule {
  readonly mutant: Mutant;
  /**
   * A strategy, so that `--strategy props/zoo/mutants/01-….ts` runs it; not there if the bug lies
   * outside of the strategy.
   */
  readonly default?: Strategy;
}

/** The files of all mutants, by number. */
export async function mutantFiles(): Promise<string[]> {
  const files = await readdir(DIRECTORY);
  return files.filter((file) => /^\d\d[a-z]?-.+\.ts$/u.test(file)).toSorted();
}

/** `07` of `07-other-arguments-accepted.ts`. */
export function idOf(file: string): string {
  return file.slice(0, file.indexOf("-"));
}

/** The files of that number: "7", "07" and "50" (all of its variants), or "50b". */
export function filesOf(number: string, files: readonly string[]): string[] {
  const id = number.padStart(/[a-z]$/u.test(number) ? 3 : 2, "0");
  return files.filter((file) => idOf(file) === id || idOf(file).replace(/[a-z]$/u, "") === id);
}

export function loadMutantFile(file: string): Promise<MutantModule> {
  return import(new URL(file, DIRECTORY).href) as Promise<MutantModule>;
}
