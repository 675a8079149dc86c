/** What the committed sample is made of. */
import type { ReportRequest } from "../command/make.ts";

export const SAMPLE: Omit<ReportRequest, "jobs"> = {
  scenario: "reports/sample/scenario.json",
  settings: [],
  seed: 1n,
  quick: false,
  runsMax: null,
  calibration: null,
};
