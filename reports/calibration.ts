/**
 * The committed calibration: how far the simulator's predictions were from a real stack, and what
 * service times were measured there. Without a valid one, absolute figures are assumptions.
 */
import { existsSync } from "node:fs";
import * as v from "valibot";
import { parseJson, readText } from "../sim/cli/input-file.ts";
import { parseOrExplain } from "../sim/scenario/explain.ts";

export const CALIBRATION_FILE = "reports/calibration.json";

const CalibrationSchema = v.strictObject({
  schemaVersion: v.literal(1),
  /** INVALID: the host was too noisy; then there are no errors to tell. */
  status: v.picklist(["VALID", "INVALID"]),
  reason: v.string(),
  /** As the service times were: "real", or scaled by a declared spin. */
  serviceTimes: v.string(),
  /** Predicted before measured, at so many per cent of the saturation. */
  points: v.array(
    v.strictObject({
      loadPercent: v.number(),
      measure: v.string(),
      unit: v.string(),
      predicted: v.number(),
      measured: v.number(),
      /** (predicted - measured) / measured. */
      error: v.number(),
      /** The error allowed. */
      band: v.number(),
    }),
  ),
});

export type CalibrationFile = v.InferOutput<typeof CalibrationSchema>;

export interface Calibration {
  readonly status: "VALID" | "INVALID" | "NONE";
  /** One sentence for the banner. */
  readonly text: string;
  readonly file: CalibrationFile | null;
}

const NONE: Calibration = {
  status: "NONE",
  text: "uncalibrated: ratios only. No file says how far the model is from a real stack.",
  file: null,
};

/**
 * @param path the file; the default one need not exist
 * @throws UsageError if it is not what it should be
 */
export function readCalibration(path: string | null): Calibration {
  if (path === null && !existsSync(CALIBRATION_FILE)) return NONE;
  const where = path ?? CALIBRATION_FILE;
  const file = parseOrExplain(CalibrationSchema, parseJson(readText(where), where), where);
  if (file.status === "INVALID")
    return {
      status: "INVALID",
      text: `uncalibrated: ratios only. The calibration is invalid: ${file.reason}`,
      file,
    };
  const outside = file.points.filter(({ error, band }) => Math.abs(error) > band).length;
  return {
    status: "VALID",
    text:
      `calibrated against a real stack with ${file.serviceTimes} service times: ` +
      `${file.points.length - outside} of ${file.points.length} predictions within their bands.`,
    file,
  };
}
