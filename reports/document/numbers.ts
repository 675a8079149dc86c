/** Numbers as the report prints them: three significant digits, or all of a whole number. */
import { duration, grouped } from "../../sim/cli/text/format.ts";
import type { Estimate } from "../statistics/estimate.ts";

export type Unit = "ms" | "/s" | "share" | "";

/** 12345.6 → "12,346"; 0.012345 → "0.0123". */
export function amount(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 && value % 1e5 === 0) return `${Number((value / 1e6).toFixed(1))}M`;
  if (size >= 100 || Number.isInteger(value)) return grouped(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

/** "43.2 %", "512 ms", "8.12 s", "1,200/s". */
export function withUnit(value: number | null, unit: Unit): string {
  if (value === null) return "–";
  switch (unit) {
    case "ms":
      return duration(Number(value.toPrecision(3)));
    case "/s":
      return `${amount(value)}/s`;
    case "share":
      return `${Number((value * 100).toPrecision(3))} %`;
    default:
      return amount(value);
  }
}

/** "480 to 520 ms"-like text; a dash where there is no interval. */
export function interval(low: number | null, high: number | null, unit: Unit): string {
  if (low === null || high === null) return "–";
  return `${withUnit(low, unit)} to ${withUnit(high, unit)}`;
}

/** "501 ms (480 ms to 520 ms)". */
export function withInterval({ mean, low, high }: Estimate, unit: Unit): string {
  if (mean === null) return "–";
  return low === null || high === null || low === high
    ? withUnit(mean, unit)
    : `${withUnit(mean, unit)} (${interval(low, high, unit)})`;
}

/** Six significant digits: more than anything here is known to, and the same on every machine. */
export function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(6));
}
