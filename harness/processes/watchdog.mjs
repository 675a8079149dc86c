/**
 * Ends what its starter leaves behind when the starter dies without a chance to clean up (SIGKILL,
 * out of memory). Plain JavaScript, so that it starts at once.
 *
 * Each line on stdin is a JSON pair: `["guard" | "release", {"group": pid} | {"folder": path}]`.
 * When stdin ends, everything that is still guarded ends too.
 */
import { readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

/** Processes that are killed still write for a moment. */
const FOLDER_TRIES = 20;
const FOLDER_PAUSE_MS = 50;

const groups = new Set();
const folders = new Set();

for await (const line of createInterface({ input: process.stdin })) {
  const [verb, { group, folder }] = JSON.parse(line);
  const [set, member] = group === undefined ? [folders, folder] : [groups, group];
  if (verb === "guard") set.add(member);
  else set.delete(member);
}

for (const group of groups) {
  try {
    // A stopped process dies of SIGKILL as well.
    process.kill(-group, "SIGKILL");
  } catch {
    // It ended on its own.
  }
}
for (const folder of folders) await endFolder(folder);

/** Twice in a row nobody is found: what was just being started has shown itself by then. */
async function endFolder(folder) {
  let quiet = 0;
  for (let i = 0; i < FOLDER_TRIES && quiet < 2; i += 1) {
    quiet = killUsersOf(folder) === 0 && isRemoved(folder) ? quiet + 1 : 0;
    await sleep(FOLDER_PAUSE_MS);
  }
}

function isRemoved(folder) {
  try {
    rmSync(folder, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}

/**
 * The starter may die between the start of a process and its guard. What it starts has a path of
 * its folder in its command line, or works there, and has no terminal, unlike people who look on.
 */
function killUsersOf(folder) {
  let killed = 0;
  for (const pid of processes()) {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      if (!line.includes(folder) && !readlinkSync(`/proc/${pid}/cwd`).includes(folder)) continue;
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const [state, , , , terminal] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (terminal !== "0" || state === "Z") continue;
      process.kill(Number(pid), "SIGKILL");
      killed += 1;
    } catch {
      // It has ended meanwhile, or is somebody else's.
    }
  }
  return killed;
}

/** None where there is no /proc. */
function processes() {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/u.test(name));
  } catch {
    return [];
  }
}
