/** Finds the mutants: one file each in `mutants/`, its number first in the name. */
import { readdir } from "node:fs/promises";
import type { Strategy } from "../../core/strategy.ts";
import type { Mutant } from "./mutant.ts";

const DIRECTORY = new URL("mutants/", import.meta.url);

/** What a file in `mutants/` exports. */
interface MutantModule {
  readonly mutant: Mutant;
  /** A strategy, so that `--strategy props/zoo/mutants/01-….ts` runs it. */
  readonly default: Strategy;
}

/** The files of all mutants, by number. */
export async function mutantFiles(): Promise<string[]> {
  const files = await readdir(DIRECTORY);
  return files.filter((file) => /^\d\d-.+\.ts$/u.test(file)).toSorted();
}

export function loadMutantFile(file: string): Promise<MutantModule> {
  return import(new URL(file, DIRECTORY).href) as Promise<MutantModule>;
}

/** The strategy with that bug. Throws if there is none of this number, or if it does not build. */
export async function loadMutant(number: number): Promise<Strategy> {
  const files = await mutantFiles();
  const file = files.find((name) => Number.parseInt(name, 10) === number);
  if (file === undefined) throw new Error(`there is no mutant ${number}`);
  return (await loadMutantFile(file)).default;
}
