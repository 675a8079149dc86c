/**
 * From bandwidth to interface cost.
 *
 * FRR 8.4.4 rounds to the nearest integer, Cisco truncates: at 60 Mbit/s against a reference of
 * 100 the one says 2 and the other 1, so a network of both makers can disagree on which paths are
 * equal. FRR's rule is recorded (116 rows); Cisco's is general knowledge.
 */
export type CostRule = "frr" | "cisco";

/** A router LSA carries the metric in 16 bits. */
export const COST_MAX = 65535;

/** Cost (1..65535, no unit) of an interface of `bandwidthMbit` against the reference bandwidth. */
export function interfaceCost(
  rule: CostRule,
  referenceBandwidthMbit: number,
  bandwidthMbit: number,
): number {
  const ratio = referenceBandwidthMbit / bandwidthMbit;
  const cost = Math.floor(rule === "frr" ? ratio + 0.5 : ratio);
  return Math.min(Math.max(cost, 1), COST_MAX);
}
