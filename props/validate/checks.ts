/** All rows of the table, in its order. */
import { nearest } from "../../sim/cli/nearest.ts";
import { UsageError } from "../../sim/cli/usage-error.ts";
import { BUFFER_CHECKS } from "./buffer-checks.ts";
import type { Check } from "./check.ts";
import { QUEUE_CHECKS } from "./queue-checks.ts";
import { SALE_CHECKS } from "./sale-checks.ts";

export const CHECKS: readonly Check[] = [...QUEUE_CHECKS, ...BUFFER_CHECKS, ...SALE_CHECKS];

/** Subjects lie this far apart in seeds, so that no two rest on the same arrivals. */
const SEEDS_BETWEEN_SUBJECTS = 1000n;

/** The seed of a check's first replication; checks on the same subject share their runs. */
export function firstSeed(check: Check, seed: bigint): bigint {
  const subject = JSON.stringify(check.subject);
  const first = CHECKS.findIndex((other) => JSON.stringify(other.subject) === subject);
  return seed + BigInt(first) * SEEDS_BETWEEN_SUBJECTS;
}

/** @throws UsageError if there is no such check. */
export function checkNamed(name: string): Check {
  const names = CHECKS.map((check) => check.name);
  const check = CHECKS[names.indexOf(name)];
  if (check !== undefined) return check;
  const meant = nearest(name, names);
  throw new UsageError(
    `--only: there is no check ${JSON.stringify(name)}; ` +
      (meant === undefined ? `known: ${names.join(", ")}` : `did you mean ${meant}?`),
  );
}
