/** A real nginx: its configuration is tested, then it is started, reloaded, killed, started again. */
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "../processes/alive.ts";
import { guardGroup, killGroup, releaseGroup } from "../processes/guard.ts";
import { requireProgram } from "../provision/system-package.ts";
import { renderNginx } from "./render.ts";
import type { NginxSettings } from "./render.ts";

const START_TIMEOUT_MS = 10_000;
const WORKERS_TIMEOUT_MS = 5000;
const STOP_TIMEOUT_MS = 3000;
const LOOK_EVERY_MS = 10;
/** Debian's user for programs that need no rights at all. */
const NOBODY = 65_534;

/** nginx refuses its configuration or does not start; the message is what it says. */
export class NginxFailed extends Error {
  override readonly name = "NginxFailed";
}

/** "1.22.1"; installs nginx if need be. @throws MissingProgram */
export function nginxVersion(): string {
  const { stderr } = spawnSync(requireProgram("nginx", "nginx"), ["-v"], { encoding: "utf8" });
  return /nginx\/(\S+)/u.exec(stderr)?.[1] ?? stderr.trim();
}

export class Nginx {
  readonly name: string;
  readonly listen: string;
  readonly configFile: string;
  readonly #folder: string;
  #process: ChildProcess | null = null;
  #exited: Promise<void> = Promise.resolve();

  /**
   * Writes the configuration and lets nginx test it.
   * @throws NginxFailed with nginx's own words; MissingProgram
   */
  constructor(name: string, settings: NginxSettings) {
    const { folder, listen } = settings;
    this.name = name;
    this.listen = listen;
    this.#folder = folder;
    this.configFile = join(folder, "nginx.conf");
    mkdirSync(folder, { recursive: true });
    writeFileSync(this.configFile, renderNginx(settings));
    giveTo(this.#runsAs, folder);
    const { status, stderr } = spawnSync(this.#binary, [...this.#arguments, "-t", "-q"], {
      encoding: "utf8",
      ...this.#runsAs,
    });
    if (status !== 0) throw new NginxFailed(`${name}: ${stderr.trim()}`);
  }

  get #binary(): string {
    return requireProgram("nginx", "nginx");
  }

  get #arguments(): string[] {
    return ["-p", this.#folder, "-e", join(this.#folder, "error.log"), "-c", this.configFile];
  }

  /** Root gives its rights away; anybody else has none to give. */
  get #runsAs(): { readonly uid?: number; readonly gid?: number } {
    return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  }

  /** Process id of the master; 0 while it is down. */
  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  get isUp(): boolean {
    return this.#process !== null;
  }

  /** Starts it and waits until it accepts connections. @throws NginxFailed */
  async start(): Promise<void> {
    if (this.#process !== null) return;
    const child = spawn(this.#binary, this.#arguments, {
      stdio: "ignore",
      detached: true,
      ...this.#runsAs,
    });
    const pid = child.pid!;
    this.#process = child;
    guardGroup(pid);
    this.#exited = new Promise((resolve) => {
      child.once("exit", () => {
        // Whatever ended the master, its workers would go on serving.
        killGroup(pid);
        releaseGroup(pid);
        this.#process = null;
        resolve();
      });
    });
    const deadlineMs = performance.now() + START_TIMEOUT_MS;
    while (!(await this.#accepts())) {
      if (this.#process === null || performance.now() > deadlineMs)
        throw new NginxFailed(`${this.name} did not start: ${this.#lastError()}`);
      await sleep(LOOK_EVERY_MS);
    }
  }

  /**
   * Reads its configuration again: new workers take over, the old ones finish what they have. One
   * that is down has nothing to do.
   * @throws NginxFailed if no new worker comes, or old ones go on serving
   */
  async reload(): Promise<void> {
    const before = this.workers();
    this.#process?.kill("SIGHUP");
    await this.#until("started no new worker", () => hasOther(this.workers(), before));
    // For a moment both serve.
    await this.#until("kept its old workers", () => !before.some(isServing));
  }

  /**
   * SIGKILL to the worker that has served longest; the master starts another.
   * @throws NginxFailed if it does not
   */
  async killWorker(): Promise<void> {
    const before = this.workers();
    const worker = before.find(isServing);
    if (worker === undefined) return;
    process.kill(worker, "SIGKILL");
    await this.#until("started no new worker", () => hasOther(this.workers(), before));
  }

  /** Waits for it, as long as nginx is up. */
  async #until(trouble: string, isSo: () => boolean): Promise<void> {
    const deadlineMs = performance.now() + WORKERS_TIMEOUT_MS;
    while (this.#process !== null && !isSo()) {
      if (performance.now() > deadlineMs)
        throw new NginxFailed(`${this.name} ${trouble}: ${this.#lastError()}`);
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** Process ids of the workers, those that are still finishing after a reload included. */
  workers(): number[] {
    try {
      const children = readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, "utf8");
      return children.split(" ").filter(Boolean).map(Number);
    } catch {
      return [];
    }
  }

  /** SIGKILL to the master and its workers. */
  async kill(): Promise<void> {
    if (this.#process === null) return;
    const workers = this.workers();
    killGroup(this.pid);
    await this.#exited;
    // While one of them is dying its socket may still accept.
    const deadlineMs = performance.now() + STOP_TIMEOUT_MS;
    while (workers.some(isAlive) && performance.now() < deadlineMs) await sleep(LOOK_EVERY_MS);
  }

  /** Ends it in order, and with force if that takes too long. */
  async stop(): Promise<void> {
    this.#process?.kill("SIGTERM");
    const late = sleep(STOP_TIMEOUT_MS, true, { ref: false });
    if ((await Promise.race([this.#exited, late])) === true) await this.kill();
    await this.#exited;
  }

  #accepts(): Promise<boolean> {
    const [host, port] = this.listen.split(":");
    return new Promise((resolve) => {
      const socket = connect({ host, port: Number(port) });
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
  }

  #lastError(): string {
    try {
      const log = readFileSync(join(this.#folder, "error.log"), "utf8").trim();
      return log.split("\n").at(-1) || "no word in its error log";
    } catch {
      return "no error log";
    }
  }
}

function hasOther(workers: readonly number[], before: readonly number[]): boolean {
  return workers.some((pid) => !before.includes(pid));
}

/** False for a worker that only finishes what it has, after a reload. */
function isServing(worker: number): boolean {
  try {
    const title = readFileSync(`/proc/${worker}/cmdline`, "utf8");
    return title.includes("worker process") && !title.includes("shutting down");
  } catch {
    return false;
  }
}

/** Lets another user into a folder of ours, and makes the folder his. */
function giveTo({ uid, gid }: { uid?: number; gid?: number }, folder: string): void {
  if (uid === undefined || gid === undefined) return;
  chownSync(folder, uid, gid);
  const parent = join(folder, "..");
  // To pass through, not to look around.
  if (statSync(parent).uid === process.getuid?.()) chmodSync(parent, statSync(parent).mode | 0o011);
}
