/** A real Redis for one test file: its own process, on a Unix socket in a directory of its own. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { requireProgram } from "../../harness/provision/system-package.ts";

export interface RunningRedis {
  readonly client: Redis;
  stop(): Promise<void>;
}

const START_ATTEMPTS = 200;
const ATTEMPT_PAUSE_MS = 25;
/** Scripts with a shebang and flags. */
const MAJOR_VERSION_MIN = 7;

export async function startRedis(): Promise<RunningRedis> {
  const program = requireProgram("redis-server", "redis-server");
  requireVersion(program);
  const directory = mkdtempSync(join(tmpdir(), "counter-redis-"));
  const socket = join(directory, "redis.sock");
  const server = spawn(
    program,
    ["--port", "0", "--unixsocket", socket, "--dir", directory, "--save", "", "--appendonly", "no"],
    { stdio: "ignore" },
  );
  const kill = (): void => void server.kill("SIGKILL");
  process.once("exit", kill);
  const client = new Redis({
    path: socket,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: null,
    lazyConnect: true,
  });
  await connect(client);
  return {
    client,
    async stop() {
      client.disconnect();
      process.off("exit", kill);
      const exited = once(server, "exit");
      kill();
      await exited;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function connect(client: Redis): Promise<void> {
  // Until it listens, a connection attempt fails at once.
  client.on("error", ignore);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.connect();
      break;
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error;
      await sleep(ATTEMPT_PAUSE_MS);
    }
  }
  client.off("error", ignore);
}

function ignore(): void {}

function requireVersion(program: string): void {
  const { stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  const major = Number(/v=(\d+)\./.exec(stdout)?.[1]);
  if (!(major >= MAJOR_VERSION_MIN)) {
    throw new Error(`redis-server ${MAJOR_VERSION_MIN} or newer is needed, found: ${stdout}`);
  }
}
