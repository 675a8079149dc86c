/**
 * Mutants that change nothing anybody could see, each with its reason, in `equivalents.json`. They
 * are named by file, by the text of the line, and by what the mutant puts in place of what, so that
 * the list survives edits elsewhere in the file.
 */
import { readFileSync } from "node:fs";

export interface Equivalent {
  readonly file: string;
  /** The whole line in which the mutated code begins, without its indentation. */
  readonly line: string;
  /** Stryker's name of the kind of mutation. */
  readonly operator: string;
  /** The mutated code; a line may have several mutants of one kind. */
  readonly original: string;
  readonly replacement: string;
  readonly reason: string;
}

export function readEquivalents(): Equivalent[] {
  const text = readFileSync(new URL("equivalents.json", import.meta.url), "utf8");
  return JSON.parse(text) as Equivalent[];
}
