/**
 * Slices and buffer: how many requests each ticket server may admit before it asks again.
 *
 * Quota is a load shield and never the authority: the counter decides every sale. The arithmetic
 * here therefore bounds *under*selling only, and only where quota cannot be refilled.
 */

/**
 * Splits `tickets` into one slice per server in proportion to `weights`, by largest remainder
 * (Hamilton's method): the slices sum to `tickets` exactly and each is within one of its exact
 * share. Equal remainders go to the lower index.
 *
 * Equal slices behind unequal traffic strand stock on the servers that few buyers reach, so the
 * weight of a server is its expected share of the traffic: its nginx weight.
 */
export function slices(tickets: number, weights: readonly number[]): number[] {
  const weightTotal = weights.reduce((sum, weight) => sum + weight, 0);
  if (weightTotal <= 0) throw new RangeError("slices need at least one positive weight");
  const shares = weights.map((weight) => Math.floor((tickets * weight) / weightTotal));
  let rest = tickets - shares.reduce((sum, share) => sum + share, 0);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (tickets * weight) % weightTotal }))
    // The sort is stable, so of equal remainders the lower index stays first.
    .toSorted((a, b) => b.remainder - a.remainder);
  for (const { index } of byRemainder) {
    if (rest === 0) break;
    shares[index] += 1;
    rest -= 1;
  }
  return shares;
}

/**
 * How many servers may die before the first sale so that the others' quotas still cover all
 * tickets, whichever servers die: the worst k are those with the largest quotas.
 *
 * With equal slices S = T/N this is the published bound B >= ceil(T*k / (N*(N-k))): N = 10,
 * T = 10,000, k = 2 needs B = 250.
 */
export function deathsSurvived(
  tickets: number,
  serverSlices: readonly number[],
  bufferPerServer: number,
): number {
  const quotas = serverSlices.map((slice) => slice + bufferPerServer).toSorted((a, b) => b - a);
  let left = quotas.reduce((sum, quota) => sum + quota, 0);
  if (left < tickets) return -1;
  for (let deaths = 0; deaths < quotas.length; deaths += 1) {
    left -= quotas[deaths];
    if (left < tickets) return deaths;
  }
  return quotas.length;
}

/** The smallest buffer per server that survives `deaths` deaths at the start, for these slices. */
export function bufferFor(
  tickets: number,
  serverSlices: readonly number[],
  deaths: number,
): number {
  const survivors = serverSlices.length - deaths;
  if (survivors <= 0) throw new RangeError("no buffer survives the death of every server");
  const worst = serverSlices.toSorted((a, b) => b - a).slice(0, deaths);
  const stranded = worst.reduce((sum, slice) => sum + slice, 0);
  const covered = serverSlices.reduce((sum, slice) => sum + slice, 0) - stranded;
  return Math.max(0, Math.ceil((tickets - covered) / survivors));
}
