/** From the values of an axis to pixels. */
import { scaleLinear, scaleLog } from "d3-scale";
import type { Axis } from "../document/plot.ts";

export interface Scale {
  /** Pixels; values beyond the axis come to its end. */
  at(value: number): number;
  /** Height or width of a category; 0 on axes of numbers. */
  readonly bandPx: number;
  readonly contains: (value: number) => boolean;
  readonly ticks: readonly { readonly px: number; readonly text: string }[];
}

export function scaleOf(axis: Axis, fromPx: number, toPx: number): Scale {
  if (axis.scale === "band") {
    const bandPx = (toPx - fromPx) / Math.max(1, axis.categories.length);
    const at = (place: number): number => fromPx + (place + 0.5) * bandPx;
    return {
      at,
      bandPx: Math.abs(bandPx),
      contains: () => true,
      ticks: axis.categories.map((text, i) => ({ px: at(i), text })),
    };
  }
  const [low, high] = axis.domain;
  const scale = (axis.scale === "log" ? scaleLog() : scaleLinear())
    .domain([low, high])
    .range([fromPx, toPx])
    .clamp(true);
  return {
    at: (value) => scale(axis.scale === "log" ? Math.max(low, value) : value),
    bandPx: 0,
    contains: (value) => value >= low && value <= high,
    ticks: axis.ticks.map(({ at, text }) => ({ px: scale(at), text })),
  };
}
