import { UsageError } from "./usage-error.ts";

/**
 * Reads the value of a flag.
 * @param flag As it is typed: `--jobs`.
 * @throws UsageError if it is not a whole number from `least` to `most`, in decimal digits.
 */
export function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = /^\d{1,15}$/u.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(
    `${flag}: expected a whole number from ${least} to ${most}, got ${JSON.stringify(text)}`,
  );
}
