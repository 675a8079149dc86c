/** Axes with their ticks, chosen so that their labels fit. */
import { scaleLinear } from "d3-scale";
import { grouped } from "../../sim/cli/text/format.ts";
import type { Axis } from "./plot.ts";
import { amount } from "./numbers.ts";

const TICKS_LINEAR = 6;
/** More decades than this get one tick each at most. */
const DECADES_WITH_HALVES = 3;

/** From `from` (or the least value) to at least the greatest one. */
export function linearAxis(label: string, values: readonly number[], from?: number): Axis {
  const least = from ?? values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const low = Number.isFinite(least) ? least : 0;
  const high = Number.isFinite(most) && most > low ? most : low + 1;
  const scale = scaleLinear().domain([low, high]).nice(TICKS_LINEAR);
  const [start, end] = scale.domain();
  const places = scale.ticks(TICKS_LINEAR);
  // As many decimals as it takes to tell neighbours apart.
  const decimals = Math.max(0, -Math.floor(Math.log10(places[1] - places[0]) + 1e-9));
  const ticks = places.map((at) => ({ at, text: grouped(Number(at.toFixed(decimals))) }));
  return { scale: "linear", label, domain: [start, end], ticks };
}

/** From the power of ten (or its 2, 5) below the least value above 0 to the one above the greatest. */
export function logAxis(label: string, values: readonly number[]): Axis {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value));
  const least = positive.reduce((a, b) => Math.min(a, b), Infinity);
  const most = positive.reduce((a, b) => Math.max(a, b), 0);
  const steps = stepsBetween(Number.isFinite(least) ? least : 1, most > 0 ? most : 10);
  const first = steps[0];
  const last = steps.at(-1)!;
  const decades = Math.log10(last / first);
  const shown = decades <= DECADES_WITH_HALVES ? steps : steps.filter((step) => isPowerOfTen(step));
  return {
    scale: "log",
    label,
    domain: [first, last],
    ticks: shown.map((at) => ({ at, text: amount(at) })),
  };
}

function stepsBetween(least: number, most: number): number[] {
  const steps: number[] = [];
  for (let power = Math.floor(Math.log10(least)); power <= Math.ceil(Math.log10(most)); power += 1)
    for (const digit of [1, 2, 5]) steps.push(Number(`${digit}e${power}`));
  const below = steps.findLastIndex((step) => step <= least);
  const above = steps.findIndex((step) => step >= most && step > (steps[below] ?? 0));
  return steps.slice(Math.max(0, below), above < 0 ? steps.length : above + 1);
}

function isPowerOfTen(value: number): boolean {
  return value.toExponential().startsWith("1e");
}

export function bandAxis(label: string, categories: readonly string[]): Axis {
  return { scale: "band", label, categories: [...categories] };
}
