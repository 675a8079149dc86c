/**
 * Holm's step-down correction for several comparisons at once: the family-wise error stays at the
 * level of one test, with more power than Bonferroni's.
 */

/** Of all tests here, after the correction. */
export const LEVEL = 0.05;

/** Adjusted p values in the order given; one below the level is significant. */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).toSorted((a, b) => pValues[a] - pValues[b]);
  const adjusted: number[] = pValues.map(() => 1);
  let least = 0;
  order.forEach((index, rank) => {
    // No adjusted value lies below that of a smaller p.
    least = Math.max(least, Math.min(1, (pValues.length - rank) * pValues[index]));
    adjusted[index] = least;
  });
  return adjusted;
}
