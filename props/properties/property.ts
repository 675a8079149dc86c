/** A property: what any strategy must keep, over cases that fast-check draws and shrinks. */
import type * as fc from "fast-check";
import type { InvariantName } from "../../core/invariants/findings.ts";
import type { Strategy } from "../../core/strategy.ts";
import { StrategyFailure } from "../../sim/world/guarded-strategy.ts";
import type { PromiseName } from "../engine/broken-promise.ts";
import { BrokenPromise } from "../engine/broken-promise.ts";

export type BrokenName = InvariantName | PromiseName;

/** How a case ended that should not have. */
export interface Breach {
  readonly broken: BrokenName;
  /** A sentence: what was seen, and what would have been right. */
  readonly detail: string;
  /** How many of the case's steps were taken; null if its end was reached. */
  readonly steps: number | null;
}

/** `T`, a case, is plain data: it survives JSON, and what it leaves open nothing else decides. */
export interface Property<T = unknown> {
  readonly name: string;
  /** What is shown, as a sentence. */
  readonly promise: string;
  readonly arbitrary: fc.Arbitrary<T>;
  /** Fields of a case that are lists of which any entry may be left out. */
  readonly lists: readonly string[];
  /** Cases of a run that nobody asked for more or fewer. */
  readonly cases: number;
  /** Whether a strategy can be asked at all: who has no counter cannot be interleaved with it. */
  appliesTo(strategy: Strategy): boolean;
  /** Plays one case; null if everything held. */
  play(value: T, strategy: Strategy): Breach | null;
  /** The case as a sentence that a person understands. */
  story(value: T, breach: Breach, strategy: Strategy): string;
}

/** The breach that an error means. An error of any other kind is a defect of the suite itself. */
export function breachOf(error: unknown, steps: number | null): Breach {
  if (error instanceof BrokenPromise)
    return { broken: error.promise, detail: error.message, steps };
  // A strategy that throws breaks its promises; the simulator files it under the same name.
  if (error instanceof StrategyFailure)
    return { broken: "conservation", detail: `the strategy ${error.message}`, steps };
  throw error;
}

export const hasCounter = ({ authority }: Strategy): boolean => authority === "counter";
