/**
 * Runs one property against one strategy: the found cases first, then drawn ones, until everything
 * that it breaks has a case of its own.
 */
import * as fc from "fast-check";
import type { Strategy } from "../../core/strategy.ts";
import type { Case } from "./case.ts";
import { guarded } from "./guarded.ts";
import { observed } from "./observe.ts";
import type { BrokenName, Breach, Property } from "./property.ts";
import { prune } from "./prune.ts";
import { fastCheckSeed } from "./seeds.ts";
import type { Sightings } from "./states.ts";

export interface CheckOptions {
  readonly seed: bigint;
  /** Drawn cases, after the found ones. */
  readonly cases: number;
  /** One case only, the one at this path of the seed; null for all. */
  readonly path: string | null;
  readonly found: readonly Case[];
  /** The search ends with so many failures. */
  readonly failuresMax: number;
  readonly seen: Sightings;
}

export interface Failure {
  readonly case: Case;
  /** Whether it is one of the found cases. */
  readonly isFound: boolean;
  readonly shrinks: number;
  readonly story: string;
}

export interface Checked {
  readonly property: string;
  readonly promise: string;
  readonly casesPlayed: number;
  /** One for each thing that is broken; empty: it holds. */
  readonly failures: readonly Failure[];
}

/** A shrink plays no more cases than this, so that everybody shrinks to the same case in time. */
const SHRINK_CASES_MAX = 1000;

export function check(property: Property, strategy: Strategy, options: CheckOptions): Checked {
  const checker = new Checker(property, strategy, options);
  if (options.path === null) checker.playFound();
  while (checker.failures.length < options.failuresMax && checker.findNext());
  const { name, promise } = property;
  return {
    property: name,
    promise,
    casesPlayed: checker.casesPlayed,
    failures: checker.failures,
  };
}

type Origin = Pick<Case, "seed" | "fastCheckSeed" | "path">;

class Checker {
  readonly #property: Property;
  readonly #strategy: Strategy;
  readonly #options: CheckOptions;
  readonly #broken = new Set<BrokenName>();
  readonly failures: Failure[] = [];
  casesPlayed = 0;

  constructor(property: Property, strategy: Strategy, options: CheckOptions) {
    this.#property = property;
    this.#strategy = guarded(strategy);
    this.#options = options;
  }

  playFound(): void {
    for (const known of this.#options.found) {
      if (known.property !== this.#property.name) continue;
      const breach = this.#play(known.value);
      if (breach !== null && !this.#broken.has(breach.broken))
        this.#fail(known.value, breach, known, { isFound: true, shrinks: 0 });
    }
  }

  /** Looks for a case that breaks something else; false if there is none. */
  findNext(): boolean {
    const { seed, cases, path } = this.#options;
    const fastCheck = fastCheckSeed(seed, this.#property.name);
    let wanted: BrokenName | null = null;
    let shrinkCases = 0;
    const holds = (value: unknown): boolean => {
      if (wanted !== null) shrinkCases += 1;
      if (shrinkCases > SHRINK_CASES_MAX) return true;
      const breach = this.#play(value);
      if (breach === null || this.#broken.has(breach.broken)) return true;
      // A smaller case counts if it breaks the same: otherwise it would be another finding.
      wanted ??= breach.broken;
      return breach.broken !== wanted;
    };
    const { counterexample, counterexamplePath, numShrinks } = fc.check(
      fc.property(this.#property.arbitrary, holds),
      { seed: fastCheck, numRuns: cases, ...(path !== null && { path }) },
    );
    if (counterexample === null) return false;
    const value = prune(counterexample[0], this.#property.lists, (smaller) => {
      return this.#play(smaller)?.broken === wanted;
    });
    const where = {
      seed: seed.toString(),
      fastCheckSeed: fastCheck,
      path: counterexamplePath ?? "",
    };
    this.#fail(value, this.#play(value)!, where, { isFound: false, shrinks: numShrinks });
    return path === null;
  }

  #play(value: unknown): Breach | null {
    this.casesPlayed += 1;
    return this.#property.play(value, observed(this.#strategy, this.#options.seen));
  }

  #fail(
    value: unknown,
    breach: Breach,
    { seed, fastCheckSeed, path }: Origin,
    how: Pick<Failure, "isFound" | "shrinks">,
  ): void {
    this.#broken.add(breach.broken);
    const found: Case = {
      property: this.#property.name,
      broken: breach.broken,
      detail: breach.detail,
      strategy: this.#strategy.name,
      seed,
      fastCheckSeed,
      path,
      value,
    };
    const story = this.#property.story(value, breach, this.#strategy);
    this.failures.push({ ...how, case: found, story });
  }
}
