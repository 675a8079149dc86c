/** What Linux says of a process in /proc/PID/stat; see proc(5). */
import { readFileSync } from "node:fs";

export interface ProcStat {
  /** One letter: R, S, T (stopped), Z (a zombie: its starter has not looked yet), X, … */
  readonly state: string;
  /** Who started it, or took it over: 1 where nobody else would. */
  readonly parent: number;
  /** When it was started, in ticks since the machine was. */
  readonly startTicks: string;
  /** Processor time it has had, in ticks: hundredths of a second. */
  readonly cpuTicks: number;
}

/** Null: there is no such process, or nobody tells. */
export function readProcStat(pid: number): ProcStat | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return null;
  }
  // "pid (name) state …", where the name may contain anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [userTicks, systemTicks] = fields.slice(11, 13).map(Number);
  return {
    state: fields[0],
    parent: Number(fields[1]),
    startTicks: fields[19],
    cpuTicks: userTicks + systemTicks,
  };
}
