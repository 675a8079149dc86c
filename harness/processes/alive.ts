/** Whether a process still does anything. */
import { readFileSync } from "node:fs";

/** True while it runs, sleeps or is stopped; false for a zombie, whose starter has not looked yet. */
export function isAlive(pid: number): boolean {
  try {
    // "pid (name) state …", where the name may contain anything.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const state = stat.slice(stat.lastIndexOf(")") + 2)[0];
    return state !== "Z" && state !== "X";
  } catch {
    return false;
  }
}
