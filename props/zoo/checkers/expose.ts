/** Looks for the run that gives a mutant of a checker away. */
import { setImmediate as breathe } from "node:timers/promises";
import { bundle, importText } from "../bundle.ts";
import { filesOf, loadMutantFile, mutantFiles } from "../load.ts";
import type { Patch } from "../mutant.ts";
import type { SuiteModule } from "../suites/suite.ts";
import type { CheckerMutant } from "./checker-mutant.ts";

export interface Exposure {
  /** Decimal: the run that shows it. */
  readonly seed: string;
  readonly seeds: number;
}

const SEEDS_MAX = 100;

/**
 * The first seed on which the mutant of the checker judges otherwise than the checker; null if
 * there is none. Both judge the same run: of the blind one's bug, or of the engine as it is.
 */
export async function expose(mutant: CheckerMutant): Promise<Exposure | null> {
  const { invariant, patches, suite, blindTo, without = [] } = mutant;
  const bug = blindTo === null ? [] : await patchesOf(blindTo);
  const whole = await build(suite, [...bug, ...without]);
  const defective = await build(suite, [...bug, ...without, ...patches]);
  const expected = blindTo !== null;
  /* oxlint-disable no-await-in-loop -- the first seed that shows it is enough */
  for (let seed = 1n; seed <= SEEDS_MAX; seed += 1n) {
    await breathe();
    if ((await finds(whole, seed, invariant)) !== expected) continue;
    if ((await finds(defective, seed, invariant)) !== expected)
      return { seed: seed.toString(), seeds: Number(seed) };
  }
  return null;
}

async function finds(
  module: SuiteModule,
  seed: bigint,
  invariant: CheckerMutant["invariant"],
): Promise<boolean> {
  return (await module.play(seed)).broken.includes(invariant);
}

async function patchesOf(id: string): Promise<readonly Patch[]> {
  const [file] = filesOf(id, await mutantFiles());
  return (await loadMutantFile(file)).mutant.typescript;
}

async function build(suite: string, patches: readonly Patch[]): Promise<SuiteModule> {
  const { text, files } = await bundle(`props/zoo/suites/${suite}.ts`, patches);
  const missed = patches.find(({ file }) => !files.has(file));
  if (missed !== undefined) throw new Error(`${missed.file} is no part of suite ${suite}`);
  return (await importText(text)) as SuiteModule;
}
