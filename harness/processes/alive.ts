/** Whether a process still does anything. */
import { readProcStat } from "./proc-stat.ts";

/** True while it runs, sleeps or is stopped; false for a zombie, whose starter has not looked yet. */
export function isAlive(pid: number): boolean {
  const stat = readProcStat(pid);
  return stat !== null && stat.state !== "Z" && stat.state !== "X";
}
