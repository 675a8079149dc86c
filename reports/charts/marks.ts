/** What is drawn inside a panel: lines, bands, dots with intervals, rules, heat cells, bars. */
import { area, curveLinear, curveStepAfter, line as pathLine } from "d3-shape";
import { element, text } from "../../sim/picture/svg.ts";
import type { Mark, MarkOf } from "../document/plot.ts";
import { dashOf, LOOKS, markerPath, ruleClass } from "./look.ts";
import type { Scale } from "./scale.ts";

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const WHISKER_PX = 4;
/** Dots of several series at one place stand beside each other. */
const DODGE_PX = 7;
const BAR_SHARE = 0.3;

export function drawMark(mark: Mark, x: Scale, y: Scale, box: Box): string[] {
  switch (mark.type) {
    case "line":
      return drawLine(mark, x, y);
    case "band":
      return [drawBand(mark, x, y)];
    case "dots":
      return drawDots(mark, x, y);
    case "rule":
      return drawRule(mark, x, y, box);
    case "cells":
      return drawCells(mark, x, y);
    case "bars":
      return drawBars(mark, x, y);
  }
}

function drawLine({ points, look, step, markers }: MarkOf<"line">, x: Scale, y: Scale): string[] {
  const path = pathLine()
    .curve(step ? curveStepAfter : curveLinear)
    .x(([at]) => tenth(x.at(at)))
    .y(([, value]) => tenth(y.at(value)));
  const d = path(points);
  if (d === null) return [];
  const elements = [
    element("path", { class: `series l${look % LOOKS}`, d, "stroke-dasharray": dashOf(look) }),
  ];
  if (markers)
    for (const [at, value] of points) elements.push(drawMarker(x.at(at), y.at(value), look));
  return elements;
}

export function drawMarker(x: number, y: number, look: number): string {
  const transform = `translate(${tenth(x)} ${tenth(y)})`;
  return element("path", { class: `m${look % LOOKS}`, d: shortPath(markerPath(look)), transform });
}

/** Symbols come with more digits than anybody can see. */
function shortPath(d: string): string {
  return d.replace(/-?\d+\.\d+/gu, (number) => String(tenth(Number(number))));
}

function drawBand({ points, look }: MarkOf<"band">, x: Scale, y: Scale): string {
  const path = area<[number, number, number]>()
    .x(([at]) => tenth(x.at(at)))
    .y0(([, low]) => tenth(y.at(low)))
    .y1(([, , high]) => tenth(y.at(high)));
  return element("path", { class: `b${look % LOOKS}`, d: path(points) ?? "" });
}

function drawDots({ points, look, along }: MarkOf<"dots">, x: Scale, y: Scale): string[] {
  const shown = `axis l${look % LOOKS}`;
  return points.flatMap(({ at, value, low, high }) => {
    if (along === "x") {
      const px = x.at(at) + look * DODGE_PX;
      return [
        stroke(shown, px, y.at(low), px, y.at(high)),
        stroke(shown, px - WHISKER_PX, y.at(low), px + WHISKER_PX, y.at(low)),
        stroke(shown, px - WHISKER_PX, y.at(high), px + WHISKER_PX, y.at(high)),
        drawMarker(px, y.at(value), look),
      ];
    }
    const px = y.at(at);
    return [
      stroke(shown, x.at(low), px, x.at(high), px),
      stroke(shown, x.at(low), px - WHISKER_PX, x.at(low), px + WHISKER_PX),
      stroke(shown, x.at(high), px - WHISKER_PX, x.at(high), px + WHISKER_PX),
      drawMarker(x.at(value), px, look),
    ];
  });
}

function drawRule({ axis, at, isLimit }: MarkOf<"rule">, x: Scale, y: Scale, box: Box): string[] {
  const shown = ruleClass(isLimit);
  if (axis === "x") {
    if (!x.contains(at)) return [];
    return [stroke(shown, x.at(at), box.top, x.at(at), box.bottom)];
  }
  if (!y.contains(at)) return [];
  return [stroke(shown, box.left, y.at(at), box.right, y.at(at))];
}

function drawCells({ cells }: MarkOf<"cells">, x: Scale, y: Scale): string[] {
  return cells.flatMap((cell) => {
    const left = x.at(cell.x) - x.bandPx / 2;
    const top = y.at(cell.y) - y.bandPx / 2;
    const size = { x: left + 1, y: top + 1, width: x.bandPx - 2, height: y.bandPx - 2 };
    const shade = String(Math.round(cell.shade * 60) / 100);
    return [
      element("rect", { class: "heat", "fill-opacity": shade, ...size }),
      ...(cell.edge ? [element("rect", { class: "edge", ...size })] : []),
      text(x.at(cell.x), y.at(cell.y) + 4, cell.text, "value", "middle"),
    ];
  });
}

function drawBars({ bars, look }: MarkOf<"bars">, x: Scale, y: Scale): string[] {
  return bars.map(({ y: place, from, to }) => {
    const left = Math.min(x.at(from), x.at(to));
    const width = Math.max(0.5, Math.abs(x.at(to) - x.at(from)));
    const height = y.bandPx * BAR_SHARE;
    // The bars of two series lie beside each other.
    const top = y.at(place) + (look % 2 === 0 ? -height : 0);
    const shape = { x: left, y: top, width, height };
    return [
      element("rect", { class: `b${look % LOOKS}`, ...shape }),
      element("rect", {
        class: `axis l${look % LOOKS}`,
        "stroke-dasharray": dashOf(look),
        ...shape,
      }),
    ].join("");
  });
}

function stroke(look: string, x1: number, y1: number, x2: number, y2: number): string {
  return element("line", { class: look, x1, y1, x2, y2 });
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
