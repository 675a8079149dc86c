/** What machine this is, and what else happened on it meanwhile. */
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import type { CalibrationFile } from "./file.ts";

/** The place of "steal" among the times of a processor, counted from "user". */
const STEAL = 7;
/** Those after it, of guests, are in "user" already. */
const TIMES = 8;

export class HostWatch {
  readonly #loadAverageBefore = loadavg()[0];
  readonly #timesBefore = processorTimes();

  /** From the watch's beginning to now. */
  facts(): CalibrationFile["host"] {
    const passed = processorTimes().map((ticks, i) => ticks - this.#timesBefore[i]);
    const all = passed.reduce((sum, ticks) => sum + ticks, 0);
    return {
      node: process.version,
      processor: cpus()[0]?.model ?? "unknown processor",
      cores: availableParallelism(),
      loadAverageBefore: this.#loadAverageBefore,
      loadAverageAfter: loadavg()[0],
      stealShare: all === 0 ? 0 : passed[STEAL] / all,
    };
  }
}

/** Of all processors together, by kind; see proc(5), /proc/stat. */
function processorTimes(): number[] {
  const [line] = readFileSync("/proc/stat", "utf8").split("\n", 1);
  return line
    .split(/\s+/u)
    .slice(1, 1 + TIMES)
    .map(Number);
}
