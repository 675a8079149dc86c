/** A plot as SVG: panels below each other, each with its legend above and its axes around. */
import { element, escape, fit, line, text, textWidthPx } from "../../sim/picture/svg.ts";
import type { Mark, Panel, Plot } from "../document/plot.ts";
import { dashOf, LOOKS, ruleClass, STYLE, STYLE_LIGHT } from "./look.ts";
import { drawMark, drawMarker } from "./marks.ts";
import type { Box } from "./marks.ts";
import { scaleOf } from "./scale.ts";
import type { Scale } from "./scale.ts";

export const PLOT_WIDTH_PX = 760;
const MARGIN_PX = 12;
const TITLE_PX = 24;
const LEGEND_ROW_PX = 18;
const SAMPLE_PX = 34;
const AXIS_LABEL_PX = 18;
const TICK_PX = 21;
const FAULT_ROW_PX = 14;
const PANEL_GAP_PX = 20;
const RIGHT_PX = 22;

/** A picture of its own, for light and dark screens; `forPng`: light, and of plain CSS only. */
export function plotDocument(plot: Plot, forPng = false): string {
  return `${svg(plot, `<style>${forPng ? STYLE_LIGHT : STYLE}</style>`)}\n`;
}

/** The same inside a page, which has the style already. */
export function plotElement(plot: Plot): string {
  return svg(plot, "");
}

function svg(plot: Plot, style: string): string {
  const { body, heightPx } = drawPlot(plot);
  const size = { width: PLOT_WIDTH_PX, height: heightPx };
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="plot" role="img" ` +
    `viewBox="0 0 ${PLOT_WIDTH_PX} ${heightPx}" width="${PLOT_WIDTH_PX}" height="${heightPx}">` +
    `<title>${escape(`${plot.id} ${plot.title}`)}</title>${style}` +
    `${element("rect", { class: "page", x: 0, y: 0, ...size })}${body.join("")}</svg>`
  );
}

function drawPlot(plot: Plot): { readonly body: string[]; readonly heightPx: number } {
  let y = 0;
  const body: string[] = [];
  for (const panel of plot.panels) {
    const drawn = drawPanel(panel, y);
    body.push(...drawn.elements);
    y = drawn.bottomPx + PANEL_GAP_PX;
  }
  return { body, heightPx: Math.ceil(y - PANEL_GAP_PX + MARGIN_PX) };
}

function drawPanel(panel: Panel, topPx: number): { elements: string[]; bottomPx: number } {
  const elements: string[] = [];
  let y = topPx;
  if (panel.title !== "") {
    y += TITLE_PX;
    elements.push(
      text(MARGIN_PX, y - 6, fit(panel.title, PLOT_WIDTH_PX - 2 * MARGIN_PX, "heading"), "heading"),
    );
  }
  const legend = drawLegend(panel.marks, y + 4);
  elements.push(...legend.elements);
  y = legend.bottomPx;
  y += AXIS_LABEL_PX;
  elements.push(text(MARGIN_PX, y - 4, panel.y.label, "label"));
  const left = leftMarginPx(panel);
  const right = PLOT_WIDTH_PX - RIGHT_PX;
  const x = scaleOf(panel.x, left, right);
  const faults = drawFaults(panel, x, y);
  elements.push(...faults.elements);
  y = faults.bottomPx + 8;
  const box: Box = { left, top: y, right, bottom: y + panel.heightPx };
  // On a map the first row is the upper one.
  const downwards = panel.y.scale === "band";
  const yScale = scaleOf(
    panel.y,
    downwards ? box.top : box.bottom,
    downwards ? box.bottom : box.top,
  );
  elements.push(...drawAxes(panel, x, yScale, box));
  for (const mark of panel.marks) elements.push(...drawMark(mark, x, yScale, box));
  y = box.bottom + TICK_PX + AXIS_LABEL_PX;
  elements.push(text((left + right) / 2, y - 2, panel.x.label, "label", "middle"));
  return { elements, bottomPx: y + 4 };
}

function leftMarginPx({ y, faults }: Panel): number {
  const labels = y.scale === "band" ? y.categories : y.ticks.map((tick) => tick.text);
  const widest = Math.max(
    ...labels.map((label) => textWidthPx(label, "value")),
    ...faults.map(({ name }) => textWidthPx(name, "tiny")),
  );
  return MARGIN_PX + Math.max(30, widest) + 8;
}

function drawAxes(panel: Panel, x: Scale, y: Scale, box: Box): string[] {
  const elements: string[] = [];
  const isMap = panel.x.scale === "band" && panel.y.scale === "band";
  for (const { px, text: label } of y.ticks) {
    if (!isMap) elements.push(line(box.left, px, box.right, px, { class: "grid" }));
    elements.push(text(box.left - 6, px + 4, label, "value", "end"));
  }
  let lastEnd = -Infinity;
  for (const { px, text: label } of x.ticks) {
    if (!isMap) elements.push(line(px, box.top, px, box.bottom, { class: "grid" }));
    const half = textWidthPx(label, "value") / 2;
    const inside = px + half <= PLOT_WIDTH_PX && px - half >= lastEnd + 4;
    // A label that would touch its neighbour is left out; its line stays.
    if (!inside) continue;
    elements.push(text(px, box.bottom + 17, label, "value", "middle"));
    lastEnd = px + half;
  }
  elements.push(line(box.left, box.bottom, box.right, box.bottom, { class: "axis" }));
  elements.push(line(box.left, box.top, box.left, box.bottom, { class: "axis" }));
  return elements;
}

/** One row for each kind of fault, with its name before it. */
function drawFaults(
  { faults }: Panel,
  x: Scale,
  topPx: number,
): { elements: string[]; bottomPx: number } {
  const elements: string[] = [];
  let y = topPx;
  for (const { name, spans } of faults) {
    elements.push(text(MARGIN_PX, y + 10, name, "tiny"));
    for (const { from, to } of spans) {
      const left = x.at(from);
      const width = Math.max(3, x.at(to) - left);
      elements.push(element("rect", { class: "fault", x: left, y: y + 2, width, height: 8 }));
    }
    y += FAULT_ROW_PX;
  }
  return { elements, bottomPx: y };
}

/** Samples of what is drawn, each before its name, in rows. */
function drawLegend(
  marks: readonly Mark[],
  topPx: number,
): { elements: string[]; bottomPx: number } {
  const elements: string[] = [];
  let x = MARGIN_PX;
  let y = topPx;
  const named = marks.filter(({ name }) => name !== "");
  named.forEach((mark, i) => {
    const widthPx = SAMPLE_PX + textWidthPx(mark.name, "value") + 14;
    if (i > 0 && x + widthPx > PLOT_WIDTH_PX - MARGIN_PX) {
      x = MARGIN_PX;
      y += LEGEND_ROW_PX;
    }
    elements.push(...drawSample(mark, x, y + 9));
    const roomPx = PLOT_WIDTH_PX - MARGIN_PX - x - SAMPLE_PX;
    elements.push(text(x + SAMPLE_PX, y + 13, fit(mark.name, roomPx, "value"), "value"));
    x += widthPx;
  });
  return { elements, bottomPx: named.length === 0 ? topPx - 4 : y + LEGEND_ROW_PX };
}

function drawSample(mark: Mark, x: number, y: number): string[] {
  const ends = [x, y, x + SAMPLE_PX - 6, y] as const;
  const middle = x + (SAMPLE_PX - 6) / 2;
  const shape = { x, y: y - 5, width: SAMPLE_PX - 6, height: 10 };
  switch (mark.type) {
    case "line": {
      const look = { class: `series l${mark.look % LOOKS}`, "stroke-dasharray": dashOf(mark.look) };
      const marker = mark.markers ? [drawMarker(middle, y, mark.look)] : [];
      return [line(...ends, look), ...marker];
    }
    case "dots":
      return [
        line(...ends, { class: `axis l${mark.look % LOOKS}` }),
        drawMarker(middle, y, mark.look),
      ];
    case "rule":
      return [line(...ends, { class: ruleClass(mark.isLimit) })];
    case "cells":
      return [element("rect", { class: "heat", "fill-opacity": "0.5", ...shape })];
    case "band":
      return [element("rect", { class: `b${mark.look % LOOKS}`, ...shape })];
    case "bars":
      return [
        element("rect", { class: `b${mark.look % LOOKS}`, ...shape }),
        element("rect", {
          class: `axis l${mark.look % LOOKS}`,
          "stroke-dasharray": dashOf(mark.look),
          ...shape,
        }),
      ];
  }
}
