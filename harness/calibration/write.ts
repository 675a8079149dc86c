/** Where the result goes. A result that says nothing does not replace one that does. */
import { accessSync, constants, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as v from "valibot";
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import { reasonOf } from "../../sim/cli/input-file.ts";
import { UsageError } from "../../sim/cli/usage-error.ts";
import { CalibrationSchema, textOf } from "./file.ts";
import type { CalibrationFile } from "./file.ts";

/** Before the minutes that it takes, not after them. @throws UsageError */
export function checkWritable(path: string): void {
  const folder = dirname(path);
  if (!existsSync(folder)) throw new UsageError(`--out ${path}: there is no folder ${folder}`);
  const exists = existsSync(path);
  if (exists && !statSync(path).isFile())
    throw new UsageError(`--out ${path}: expected a file; there is something else`);
  try {
    accessSync(exists ? path : folder, constants.W_OK);
  } catch (error) {
    throw new UsageError(`--out ${path}: cannot be written: ${reasonOf(error)}`);
  }
}

/**
 * @param replace let an INVALID result replace a VALID file too
 * @returns false if the file was kept as it was
 * @throws EnvironmentError if it cannot be written
 */
export function write(path: string, file: CalibrationFile, replace: boolean): boolean {
  if (file.status === "INVALID" && !replace && isValid(path)) return false;
  try {
    writeFileSync(path, textOf(file));
  } catch (error) {
    throw new EnvironmentError(`--out ${path}: cannot be written: ${reasonOf(error)}`);
  }
  return true;
}

/** False if there is no file, or it is no calibration. */
function isValid(path: string): boolean {
  try {
    const content: unknown = JSON.parse(readFileSync(path, "utf8"));
    const { success, output } = v.safeParse(CalibrationSchema, content);
    return success && output.status === "VALID";
  } catch {
    return false;
  }
}
