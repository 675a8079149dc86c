/**
 * A plot as data: everything that is drawn, ticks and legend included, so that the picture is a
 * function of it. Colours never say anything that dashes, markers or words do not.
 */
import * as v from "valibot";

const Point = v.tuple([v.number(), v.number()]);

const AxisSchema = v.variant("scale", [
  v.strictObject({
    scale: v.picklist(["linear", "log"]),
    label: v.string(),
    domain: v.tuple([v.number(), v.number()]),
    ticks: v.array(v.strictObject({ at: v.number(), text: v.string() })),
  }),
  /** Categories in equal bands; a place is a number from 0. */
  v.strictObject({ scale: v.literal("band"), label: v.string(), categories: v.array(v.string()) }),
]);

const MarkSchema = v.variant("type", [
  /** `step`: a value holds until the next one. `look` numbers dash, marker and colour. */
  v.strictObject({
    type: v.literal("line"),
    name: v.string(),
    look: v.number(),
    step: v.boolean(),
    markers: v.boolean(),
    points: v.array(Point),
  }),
  /** From the second to the third number at the first. */
  v.strictObject({
    type: v.literal("band"),
    name: v.string(),
    look: v.number(),
    points: v.array(v.tuple([v.number(), v.number(), v.number()])),
  }),
  /** A value with its interval, at a place of the other axis. */
  v.strictObject({
    type: v.literal("dots"),
    name: v.string(),
    look: v.number(),
    along: v.picklist(["x", "y"]),
    points: v.array(
      v.strictObject({ at: v.number(), value: v.number(), low: v.number(), high: v.number() }),
    ),
  }),
  v.strictObject({
    type: v.literal("rule"),
    axis: v.picklist(["x", "y"]),
    at: v.number(),
    isLimit: v.boolean(),
    name: v.string(),
  }),
  /** Heat map: `shade` from 0 to 1, and what the cell says. `edge`: drawn with a thick frame. */
  v.strictObject({
    type: v.literal("cells"),
    name: v.string(),
    cells: v.array(
      v.strictObject({
        x: v.number(),
        y: v.number(),
        shade: v.number(),
        text: v.string(),
        edge: v.boolean(),
      }),
    ),
  }),
  /** Horizontal bars from one value to another, at a place of the y axis. */
  v.strictObject({
    type: v.literal("bars"),
    name: v.string(),
    look: v.number(),
    bars: v.array(v.strictObject({ y: v.number(), from: v.number(), to: v.number() })),
  }),
]);

const PanelSchema = v.strictObject({
  title: v.string(),
  x: AxisSchema,
  y: AxisSchema,
  marks: v.array(MarkSchema),
  /** Faults over the time of the x axis, by kind; drawn as rows of bars with their names. */
  faults: v.array(
    v.strictObject({
      name: v.string(),
      spans: v.array(v.strictObject({ from: v.number(), to: v.number() })),
    }),
  ),
  heightPx: v.number(),
});

export const PlotSchema = v.strictObject({
  /** P1 to P15. */
  id: v.string(),
  title: v.string(),
  /** How to read it, and what it is of. */
  legend: v.string(),
  /** Repeats one of its sales. */
  command: v.string(),
  panels: v.array(PanelSchema),
});

export type Plot = v.InferOutput<typeof PlotSchema>;
export type Panel = v.InferOutput<typeof PanelSchema>;
export type Axis = v.InferOutput<typeof AxisSchema>;
export type Mark = v.InferOutput<typeof MarkSchema>;
export type MarkOf<T extends Mark["type"]> = Extract<Mark, { type: T }>;
