/**
 * What fast-check leaves over: it shortens a list from one end and makes its entries smaller, but
 * does not leave out an entry in the middle that has no part in the failure.
 */

/** Plays that a pruning may make, so that it ends in time on any strategy. */
const TRIES_MAX = 600;

/**
 * The value without every entry of its `lists` that is not needed to fail. The same value gives the
 * same result, so a seed and a path still lead to it.
 */
export function prune<T>(value: T, lists: readonly string[], fails: (smaller: T) => boolean): T {
  let best = value;
  let tries = 0;
  for (let improved = true; improved && tries < TRIES_MAX;) {
    improved = false;
    for (const list of lists) {
      for (let i = listOf(best, list).length - 1; i >= 0 && tries < TRIES_MAX; i -= 1) {
        const smaller = { ...best, [list]: listOf(best, list).toSpliced(i, 1) };
        tries += 1;
        if (!fails(smaller)) continue;
        best = smaller;
        improved = true;
      }
    }
  }
  return best;
}

function listOf(value: unknown, list: string): readonly unknown[] {
  return (value as Readonly<Record<string, readonly unknown[]>>)[list];
}
