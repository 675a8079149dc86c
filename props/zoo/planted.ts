/**
 * The mark of a planted bug. A patch calls it in the text that it puts in, and counts by it how
 * often the bug was reached: a mutant that survives and was never executed says nothing about the
 * checks, only about where the runs go.
 */
let hits = 0;

/** Counts, and is true, so that it fits into a condition as well as before a statement. */
export function planted(): true {
  hits += 1;
  return true;
}

/** How often so far. */
export function plantedHits(): number {
  return hits;
}
