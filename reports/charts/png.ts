/** A plot as PNG, with the font that comes with the project: the same pixels on every machine. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Resvg } from "@resvg/resvg-js";
import type { Plot } from "../document/plot.ts";
import { plotDocument } from "./plot-svg.ts";

const fonts = join(
  dirname(createRequire(import.meta.url).resolve("dejavu-fonts-ttf/package.json")),
  "ttf",
);
/** Pixels per SVG pixel: sharp on dense screens and in print. */
const ZOOM = 2;

export function plotPng(plot: Plot): Buffer {
  const resvg = new Resvg(plotDocument(plot, true), {
    fitTo: { mode: "zoom", value: ZOOM },
    font: {
      loadSystemFonts: false,
      fontFiles: [join(fonts, "DejaVuSans.ttf"), join(fonts, "DejaVuSans-Bold.ttf")],
      defaultFontFamily: "DejaVu Sans",
    },
  });
  return resvg.render().asPng();
}
