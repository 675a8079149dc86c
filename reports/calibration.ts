/**
 * The committed calibration: how far the simulator's predictions were from a real stack, and what
 * service times were measured there. Without a valid one, absolute figures are assumptions.
 */
import { CalibrationSchema, outsideBands } from "../harness/calibration/file.ts";
import type { CalibrationFile } from "../harness/calibration/file.ts";
import { parseJson, readText } from "../sim/cli/input-file.ts";
import { parseOrExplain } from "../sim/scenario/explain.ts";

/** Taken if no other is named and it is there. */
export const CALIBRATION_FILE = "reports/calibration.json";

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
 * @param path the file; null for none
 * @throws UsageError if it is not what it should be
 */
export function readCalibration(path: string | null): Calibration {
  if (path === null) return NONE;
  const file = parseOrExplain(CalibrationSchema, parseJson(readText(path), path), path);
  if (file.status === "INVALID")
    return {
      status: "INVALID",
      text: `uncalibrated: ratios only. The calibration is invalid: ${file.reason}`,
      file,
    };
  const outside = outsideBands(file).length;
  return {
    status: "VALID",
    text:
      `calibrated${file.quick ? ", roughly," : ""} against a real stack with service times ` +
      `${file.serviceTimes}: ${file.points.length - outside} of ${file.points.length} predictions ` +
      "within their bands.",
    file,
  };
}
