/** What widths, shades and hatching mean, with numbers. */
import { amountText, lineWidthPx } from "./amount.ts";
import type { Scale } from "./amount.ts";
import type { Flow } from "./flow.ts";
import { MARGIN_PX } from "./geometry.ts";
import { HEAT_OPACITY_MAX } from "./stations.ts";
import { element, line, text, textWidthPx } from "./svg.ts";

export const LEGEND_HEIGHT_PX = 44;

const MIDDLE_PX = 14;
const SAMPLE_PX = 26;
const GAP_PX = 18;
/** Widths of the lines shown. */
const LINES_PX = [2, 5, 10];
const SHADES = [0.25, 0.5, 1];

/** One row, from the left margin on, with its top at y = 0. */
export function drawLegend(scale: Scale, per: Flow["per"]): string[] {
  const drawn: string[] = [];
  let x = MARGIN_PX;
  const put = (sample: readonly string[], label: string): void => {
    drawn.push(...sample, text(x + SAMPLE_PX + 6, MIDDLE_PX + 4, label, "value"));
    x += SAMPLE_PX + 6 + textWidthPx(label, "value") + GAP_PX;
  };
  const flat = (look: Readonly<Record<string, string | number>>): string =>
    line(x, MIDDLE_PX, x + SAMPLE_PX, MIDDLE_PX, look);
  const cell = (look: Readonly<Record<string, string | number>>): string =>
    element("rect", { x, y: MIDDLE_PX - 9, width: SAMPLE_PX, height: 18, ...look });

  for (const widthPx of LINES_PX)
    put(
      [flat({ class: "flow", "stroke-width": lineWidthPx(widthPx * scale.perPx, scale) })],
      amountText(widthPx * scale.perPx, per),
    );
  put([flat({ class: "idle", "stroke-width": 1.5 })], "carries nothing");
  put([flat({ class: "cut", "stroke-width": 2 })], "cut");
  for (const shade of scale.cellMax === 0 ? [] : SHADES)
    put(
      [
        cell({ class: "heat", "fill-opacity": (shade * HEAT_OPACITY_MAX).toFixed(3) }),
        cell({ class: "frame" }),
      ],
      amountText(shade * scale.cellMax, per),
    );
  put([cell({ class: "out" })], "out of service, with the fault and when it began");
  return drawn;
}
