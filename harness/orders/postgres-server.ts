/**
 * A PostgreSQL server of our own on a temporary folder, from Debian's packages. The system's own
 * clusters are neither used nor started.
 *
 * It does not fsync: its data survives the death of any process, and is thrown away before a power
 * failure could matter. It listens on a Unix socket in a folder that only its user can enter.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { accessSync, chownSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import { guardFolder, guardGroup, releaseFolder, releaseGroup } from "../processes/guard.ts";
import { MissingProgram, requireFile } from "../provision/system-package.ts";

/** Of Debian's packages, which are not on PATH, newest first. */
const VERSIONS = [18, 17, 16, 15, 14, 13];
const FOLDERS = [
  ...(process.env["PATH"] ?? "").split(":").filter((folder) => folder !== ""),
  ...VERSIONS.map((version) => `/usr/lib/postgresql/${version}/bin`),
];
const PROGRAMS = FOLDERS.map((folder) => join(folder, "postgres"));

const USER = "onceonly";
/** PostgreSQL refuses to run as root; Debian's package makes this user. */
const SYSTEM_USER = "postgres";
const READY_MS = 60_000;
const POLL_MS = 50;
const STOP_MS = 10_000;

/** The connections are those of several stores, and some for whoever looks. */
const SETTINGS = [
  "listen_addresses=",
  "max_connections=100",
  "fsync=off",
  "full_page_writes=off",
  "shared_buffers=64MB",
  "log_min_messages=warning",
  "logging_collector=off",
];

export interface RunningPostgres {
  readonly url: string;
  readonly pid: number;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** True if a server can be started without installing anything. */
export function hasPostgres(): boolean {
  return PROGRAMS.some((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Installs Debian's postgresql if there is none.
 * @throws MissingProgram, EnvironmentError if the server does not start.
 */
export async function startPostgres(): Promise<RunningPostgres> {
  const program = requireFile("postgres", PROGRAMS, "postgresql");
  const owner = processOwner();
  const folder = mkdtempSync(join(tmpdir(), "onceonly-postgres-"));
  guardFolder(folder);
  try {
    if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid!);
    const data = join(folder, "data");
    initialize(join(dirname(program), "initdb"), data, folder, owner);
    return await start(program, data, folder, owner);
  } catch (error) {
    remove(folder);
    throw error;
  }
}

function initialize(initdb: string, data: string, folder: string, owner: Owner): void {
  const flags =
    `--username ${USER} --auth trust --encoding UTF8 --locale C --no-sync --no-instructions`.split(
      " ",
    );
  const { status, stderr } = spawnSync(initdb, ["--pgdata", data, ...flags], {
    ...owner,
    cwd: folder,
    encoding: "utf8",
    timeout: READY_MS,
  });
  if (status !== 0) throw new EnvironmentError(`initdb fails in ${folder}: ${lastLine(stderr)}`);
}

async function start(
  program: string,
  data: string,
  folder: string,
  owner: Owner,
): Promise<RunningPostgres> {
  const settings = [`unix_socket_directories=${folder}`, ...SETTINGS];
  const child = spawn(program, ["-D", data, ...settings.flatMap((setting) => ["-c", setting])], {
    ...owner,
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  const pid = child.pid!;
  guardGroup(pid);
  let lastWords = "";
  child.stderr.on("data", (text: Buffer) => {
    lastWords = lastLine(text.toString()) || lastWords;
  });
  let isOver = false;
  const exited = once(child, "exit").then(() => {
    isOver = true;
    releaseGroup(pid);
  });
  const stop = async (): Promise<void> => {
    // SIGINT is its fast shutdown, SIGQUIT its immediate one.
    for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
      if (isOver) break;
      child.kill(signal);
      await Promise.race([exited, sleep(STOP_MS, undefined, { ref: false })]);
    }
    remove(folder);
  };
  const url = `postgresql://${USER}@/postgres?host=${encodeURIComponent(folder)}`;
  for (const endMs = performance.now() + READY_MS; ; await sleep(POLL_MS)) {
    if (await answers(url)) return { url, pid, stop };
    if (isOver) throw new EnvironmentError(`PostgreSQL does not start: ${lastWords || "no word"}`);
    if (performance.now() > endMs) {
      await stop();
      throw new EnvironmentError(`PostgreSQL is not ready after ${READY_MS / 1000} s`);
    }
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

function processOwner(): Owner {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ["-u", "-g"].map((flag) =>
    Number.parseInt(spawnSync("id", [flag, SYSTEM_USER], { encoding: "utf8" }).stdout, 10),
  );
  if (Number.isNaN(uid) || Number.isNaN(gid)) {
    throw new MissingProgram(
      `PostgreSQL refuses to run as root and there is no user ${SYSTEM_USER}; ` +
        `add one with: adduser --system --group ${SYSTEM_USER}`,
    );
  }
  return { uid, gid };
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  releaseFolder(folder);
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
