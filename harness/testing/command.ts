/** Runs the harness's command as a person does, in a world of its own that can be searched. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { processesWith } from "./processes.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const TSX = import.meta.resolve("tsx");
const TSX_COMMAND = fileURLToPath(import.meta.resolve("tsx/cli"));

export interface Ended {
  /** null if a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Every temporary file of the command lies in a folder that no other command knows, and every
 * process it starts has a path there in its command line or works there, as Redis does, which
 * rewrites its command line. So what it leaves behind can be found.
 */
export class CommandWorld {
  readonly temporary: string;
  readonly #children = new Set<ChildProcess>();

  constructor() {
    this.temporary = mkdtempSync(join(realpathSync(tmpdir()), "oo-"));
    // nginx and PostgreSQL run as other users, and must pass.
    chmodSync(this.temporary, 0o711);
  }

  start(file: string, args: readonly string[]): Started {
    return this.#start(["--import", TSX, join(ROOT, file), ...args], false);
  }

  /** By `tsx`, in a process group of its own, as a shell does: `killGroup` is its Ctrl-C. */
  startInGroup(file: string, args: readonly string[]): Started {
    return this.#start([TSX_COMMAND, join(ROOT, file), ...args], true);
  }

  #start(args: readonly string[], detached: boolean): Started {
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, TMPDIR: this.temporary, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
      detached,
    });
    this.#children.add(child);
    return new Started(child);
  }

  /** Command lines of this world's processes that are still alive. */
  processesLeft(): string[] {
    return processesWith(this.temporary).map(({ line }) => line);
  }

  /** Files of this world that are still there; what tsx caches is not of the command's making. */
  filesLeft(): string[] {
    return readdirSync(this.temporary).filter((name) => !name.startsWith("tsx-"));
  }

  /** Ends what a failed test left running, and removes the folder. */
  async close(): Promise<void> {
    for (const child of this.#children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    }
    for (const { pid } of processesWith(this.temporary)) process.kill(pid, "SIGKILL");
    rmSync(this.temporary, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

export class Started {
  readonly #child: ChildProcess;
  readonly #ended: Promise<Ended>;
  stdout = "";
  stderr = "";

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout!.setEncoding("utf8").on("data", (text: string) => (this.stdout += text));
    child.stderr!.setEncoding("utf8").on("data", (text: string) => (this.stderr += text));
    this.#ended = once(child, "close").then(([code]: (number | null)[]) => ({
      code,
      stdout: this.stdout,
      stderr: this.stderr,
    }));
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** To every process of its group: it must have one of its own. */
  killGroup(signal: NodeJS.Signals): void {
    process.kill(-this.#child.pid!, signal);
  }

  ended(): Promise<Ended> {
    return this.#ended;
  }
}
