/** Sends a mutant through its suites, seed after seed, until a named invariant breaks. */
import { setImmediate as breathe } from "node:timers/promises";
import type { InvariantName } from "../../core/invariants/findings.ts";
import type { Suite } from "./subject.ts";
import type { Outcome } from "./suites/suite.ts";

export interface Kill {
  readonly suite: string;
  /** Decimal. */
  readonly seed: string;
  readonly invariant: InvariantName;
  /** All that broke in that run, first things first. */
  readonly broken: readonly InvariantName[];
  readonly detail: string;
  /** The same run without the bug: what it finds there it would find anywhere. */
  readonly enginePasses: boolean;
}

export interface Hunt {
  /** Null: it survived. */
  readonly kill: Kill | null;
  /** Seeds tried, the killing one included. */
  readonly seeds: number;
  /** What the mutant threw, if it threw; such a run is void. */
  readonly threw: string | null;
}

/** What a run kills by: the first broken invariant of those that the bug must break. */
export function killedBy(
  { broken, isVoid }: Outcome,
  breaks: readonly InvariantName[],
): InvariantName | null {
  return isVoid ? null : (broken.find((name) => breaks.includes(name)) ?? null);
}

/** Each seed goes through every suite before the next one is tried. */
export async function hunt(
  suites: readonly Suite[],
  breaks: readonly InvariantName[],
  seedFrom: bigint,
  seedCount: number,
): Promise<Hunt> {
  let threw: string | null = null;
  /* oxlint-disable no-await-in-loop -- each run may be the last */
  for (let i = 0; i < seedCount; i += 1) {
    const seed = seedFrom + BigInt(i);
    // Or a process that is told to stop would not hear it before the hunt is over.
    await breathe();
    for (const suite of suites) {
      const hitsBefore = suite.plantedHits();
      const outcome = await playOrName(suite, seed);
      if (outcome.isVoid) threw = outcome.detail;
      const invariant = killedBy(outcome, breaks);
      // What broke before the bug was reached does not show that the bug would be seen.
      if (invariant === null || suite.plantedHits() === hitsBefore) continue;
      const enginePasses = (await suite.playEngine(seed)).broken.length === 0;
      const found = { suite: suite.name, seed: seed.toString(), invariant, enginePasses };
      const { broken, detail } = outcome;
      return { kill: { ...found, broken, detail }, seeds: i + 1, threw };
    }
  }
  return { kill: null, seeds: seedCount, threw };
}

/** A run that fails for want of a working simulator is nobody's kill; its error says which it was. */
async function playOrName(suite: Suite, seed: bigint): Promise<Outcome> {
  try {
    return await suite.play(seed);
  } catch (error) {
    throw new Error(`suite ${suite.name}, seed ${seed}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
