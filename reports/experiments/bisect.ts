/** Looks for the smallest size that passes; the answer is an interval. */

export interface Threshold {
  /** The largest size seen to fail; null: none did. */
  readonly fails: number | null;
  /** The smallest size seen to pass; null: none did. */
  readonly passes: number | null;
}

/**
 * Bisection between sizes, taking for granted that more never hurts.
 * @param fails a size that is known to fail, or one below the smallest there is
 * @param guess the first size to try; doubled until one passes, at most to `most`
 */
export async function smallestPassing(
  fails: number,
  guess: number,
  most: number,
  passes: (size: number) => Promise<boolean>,
): Promise<Threshold> {
  let low = fails;
  let high = Math.min(most, Math.max(guess, fails + 1));
  // oxlint-disable no-await-in-loop -- where to look next depends on what was seen
  while (!(await passes(high))) {
    low = high;
    if (high >= most) return { fails: low, passes: null };
    high = Math.min(most, high * 2);
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await passes(middle)) high = middle;
    else low = middle;
  }
  // oxlint-enable no-await-in-loop
  return { fails: low < 0 || (low === fails && fails <= 0) ? null : low, passes: high };
}
