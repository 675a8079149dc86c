/** Finding the programs that tests need, or installing them: never a silent skip. */
import { spawnSync } from "node:child_process";

export interface ProgramNeed {
  readonly program: string;
  /** The Debian package that has it. */
  readonly debianPackage: string;
}

/**
 * Makes sure that the program is on PATH: as root it is installed with apt-get if it is not.
 * Throws an error that names the command to run, where that cannot be done.
 */
export function requireProgram(need: ProgramNeed): string {
  if (isOnPath(need.program)) return need.program;
  const install = `apt-get install -y ${need.debianPackage}`;
  if (process.getuid?.() === 0 && isOnPath("apt-get")) {
    process.stderr.write(`${need.program} is not installed; running: ${install}\n`);
    run("apt-get", ["update"]);
    run("apt-get", ["install", "-y", "--no-install-recommends", need.debianPackage]);
    if (isOnPath(need.program)) return need.program;
  }
  throw new Error(`${need.program} is not on PATH. Install it first, as root: ${install}`);
}

function isOnPath(program: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
}

function run(program: string, options: readonly string[]): void {
  spawnSync(program, options, {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: ["ignore", "ignore", "inherit"],
  });
}
