/** Processes of this machine, found by what they were given. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { isAlive } from "../processes/alive.ts";

export interface FoundProcess {
  readonly pid: number;
  /** Its command line, with spaces. */
  readonly line: string;
}

/** Those alive that have this path in their command line, or work in it or below. */
export function processesWith(path: string): FoundProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name) && isAlive(Number(name)))
    .map((pid) => ({ pid: Number(pid), line: commandLine(pid) }))
    .filter(({ pid, line }) => line.includes(path) || workingFolder(pid).includes(path));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

/** Also of one that was removed. */
function workingFolder(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}
