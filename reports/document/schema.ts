/**
 * report.json: all numbers of a report, and the report itself as data. The pages are functions of
 * it, so whatever they print stands in here.
 */
import * as v from "valibot";
import { PlotSchema } from "./plot.ts";

const nullableNumber = v.nullable(v.number());

export const EstimateSchema = v.strictObject({
  count: v.number(),
  missing: v.number(),
  mean: nullableNumber,
  low: nullableNumber,
  high: nullableNumber,
  nextLow: nullableNumber,
  nextHigh: nullableNumber,
  least: nullableNumber,
  most: nullableNumber,
});

export const VERDICTS = ["PASS", "FAIL", "UNDECIDED"] as const;

export const RequirementSchema = v.strictObject({
  id: v.string(),
  text: v.string(),
  unit: v.picklist(["ms", "/s", "share", ""]),
  limit: v.number(),
  estimate: EstimateSchema,
  verdict: v.picklist(VERDICTS),
  reason: v.string(),
  byMoreSales: v.boolean(),
  headroom: nullableNumber,
  seedsPassed: v.number(),
  seeds: v.number(),
  shareShown: nullableNumber,
  noneSeenBound: nullableNumber,
  worstSeeds: v.array(v.string()),
  command: v.string(),
});

export const ThresholdSchema = v.strictObject({ fails: nullableNumber, passes: nullableNumber });

const BlockSchema = v.variant("type", [
  v.strictObject({ type: v.literal("paragraph"), text: v.string() }),
  v.strictObject({ type: v.literal("list"), items: v.array(v.string()) }),
  v.strictObject({ type: v.literal("command"), text: v.string() }),
  /** Each cell is printed as it is; columns of numbers line up at their right. */
  v.strictObject({
    type: v.literal("table"),
    legend: v.string(),
    columns: v.array(v.strictObject({ text: v.string(), numeric: v.boolean() })),
    rows: v.array(v.array(v.string())),
  }),
  v.strictObject({ type: v.literal("plot"), id: v.string() }),
  v.strictObject({
    type: v.literal("cards"),
    cards: v.array(
      v.strictObject({
        question: v.string(),
        answer: v.string(),
        detail: v.string(),
        /** Repeats one of the sales that it rests on. */
        command: v.string(),
      }),
    ),
  }),
]);

export const SectionSchema = v.strictObject({
  /** S0 to S12, or A. */
  id: v.string(),
  title: v.string(),
  blocks: v.array(BlockSchema),
});

const RunSchema = v.strictObject({
  seed: v.string(),
  verdict: v.picklist(["passed", "violated", "no-progress"]),
  traceHash: v.string(),
  values: v.record(v.string(), nullableNumber),
});

export const CellSchema = v.strictObject({
  experiment: v.string(),
  strategy: v.string(),
  settings: v.array(v.string()),
  command: v.string(),
  measures: v.record(v.string(), EstimateSchema),
  runs: v.array(RunSchema),
});

export const CalibrationStatus = v.picklist(["VALID", "INVALID", "NONE"]);

export const ReportSchema = v.strictObject({
  schemaVersion: v.literal(1),
  kind: v.literal("capacity-report"),
  provenance: v.strictObject({
    version: v.string(),
    scenario: v.string(),
    description: v.string(),
    configurationHash: v.string(),
    seed: v.string(),
    /** A rough report: few sales, and all of them small. */
    quick: v.boolean(),
    sales: v.number(),
    seeds: v.array(v.string()),
    command: v.string(),
    calibration: v.strictObject({ status: CalibrationStatus, text: v.string() }),
  }),
  verdict: v.picklist(VERDICTS),
  requirements: v.array(RequirementSchema),
  sizing: v.strictObject({
    deaths: v.number(),
    /** Smallest number of ticket servers with those deaths, tried at full size; then of the sweeps. */
    servers: ThresholdSchema,
    serversInSweep: ThresholdSchema,
    serversUndisturbed: ThresholdSchema,
    /** Smallest buffer per server with those deaths, of the sale that the sweeps ran. */
    bufferRefillOff: ThresholdSchema,
    bufferRefillOnDemand: ThresholdSchema,
    /** ceil(kS / (N - k)) of that sale, and of the whole one. */
    bufferBound: v.number(),
    bufferBoundFull: v.number(),
    redisPeakPerSecond: EstimateSchema,
    /** Servers and buffer tried together on the whole sale, with those deaths; the last decides. */
    fullSize: v.array(
      v.strictObject({
        servers: v.number(),
        buffer: v.number(),
        seeds: v.number(),
        seedsPassed: v.number(),
        redisPeakPerSecond: EstimateSchema,
        command: v.string(),
      }),
    ),
    arrivalsKneePerSecond: nullableNumber,
    arrivalsBeyondPerSecond: nullableNumber,
  }),
  cells: v.array(CellSchema),
  sections: v.array(SectionSchema),
  plots: v.array(PlotSchema),
});

export type Report = v.InferOutput<typeof ReportSchema>;
export type Section = v.InferOutput<typeof SectionSchema>;
export type Block = v.InferOutput<typeof BlockSchema>;
export type ReportCell = v.InferOutput<typeof CellSchema>;
export type ReportRequirement = v.InferOutput<typeof RequirementSchema>;
