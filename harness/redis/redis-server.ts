/** A redis-server of the harness: one process, its data in a directory of the caller's. */
import { spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Redis } from "ioredis";
import { RedisMemoryServer } from "redis-memory-server";
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import { requireProgram } from "../provision/system-package.ts";
import type { RedisAddress } from "./address.ts";
import { DISCONNECT_TIMEOUT_MS } from "./connection.ts";

export interface RunningRedis {
  readonly address: RedisAddress;
  /** Of the process; of a Cluster, the first shard's. Another one after each start. */
  readonly pid: number;
  readonly directory: string;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Again after `kill`, on the same port and data. */
  start(): Promise<void>;
  /**
   * CLIENT PAUSE: nothing that may write runs, so no script but `audit`, until `resumeClients`, or
   * for `ms`. (With everything paused, the command that ends the pause would wait too.)
   */
  pauseClients(ms: number): Promise<void>;
  resumeClients(): Promise<void>;
  /** Ends it for good; the directory stays. */
  stop(): Promise<void>;
}

/** `none`: a restart is an empty Redis. `everysec`, `always`: how often the AOF is fsynced. */
export type Persistence = "none" | "everysec" | "always";

export interface RedisOptions {
  /** Must exist. */
  readonly directory: string;
  /** Another free port is taken if this one is not free; `address` says which. */
  readonly port?: number;
  readonly persistence: Persistence;
}

/** Scripts with a shebang and flags came with Redis 7. */
export const REDIS_MAJOR_MIN = 7;
const HOST = "127.0.0.1";

/** @throws MissingProgram, or EnvironmentError if it does not start. */
export async function startRedis(options: RedisOptions): Promise<RunningRedis> {
  const server = await RedisProcess.start(options, []);
  return {
    address: { host: HOST, port: server.port, cluster: false },
    get pid() {
      return server.pid;
    },
    directory: options.directory,
    kill: () => server.kill(),
    start: () => server.restart(),
    pauseClients: (ms) => server.pauseClients(ms),
    resumeClients: () => server.resumeClients(),
    stop: () => server.kill(),
  };
}

/** What a single server and each shard of a Cluster have in common. */
export class RedisProcess {
  readonly port: number;
  readonly #server: RedisMemoryServer;
  #process: ChildProcess;
  /** Open from the start: a paused server would not greet a new connection. */
  #admin: Redis;
  readonly #killAtExit = (): void => void this.#process.kill("SIGKILL");

  private constructor(server: RedisMemoryServer, port: number) {
    this.#server = server;
    this.port = port;
    this.#process = processOf(server);
    this.#admin = connectAdmin(port);
    process.once("exit", this.#killAtExit);
  }

  static async start(
    { directory, port, persistence }: RedisOptions,
    extraArguments: readonly string[],
  ): Promise<RedisProcess> {
    const program = requireProgram("redis-server", "redis-server");
    requireVersion(program);
    const server = new RedisMemoryServer({
      instance: {
        ip: HOST,
        ...(port === undefined ? {} : { port }),
        args: [
          "--dir",
          directory,
          "--maxmemory-policy",
          "noeviction",
          ...(persistence === "none" ? [] : ["--appendonly", "yes", "--appendfsync", persistence]),
          ...extraArguments,
        ],
      },
      // Named outright, or the library would download and compile one.
      binary: { systemBinary: program },
      // A process group of its own: Ctrl-C is for the harness, which then ends Redis in order.
      spawn: { detached: true },
    });
    const chosen = await launch(server);
    return new RedisProcess(server, chosen);
  }

  get pid(): number {
    return this.#process.pid!;
  }

  async kill(): Promise<void> {
    if (this.#admin.status !== "end") this.#admin.disconnect();
    process.off("exit", this.#killAtExit);
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const exited = once(this.#process, "exit");
      this.#process.kill("SIGKILL");
      await exited;
    }
    // Ends the library's watchdog too.
    await this.#server.stop();
  }

  async restart(): Promise<void> {
    await this.kill();
    const port = await launch(this.#server);
    if (port !== this.port) throw new EnvironmentError(`port ${this.port} of Redis was taken`);
    this.#process = processOf(this.#server);
    this.#admin = connectAdmin(port);
    process.once("exit", this.#killAtExit);
  }

  async pauseClients(ms: number): Promise<void> {
    await this.#admin.call("CLIENT", "PAUSE", ms, "WRITE");
  }

  async resumeClients(): Promise<void> {
    await this.#admin.call("CLIENT", "UNPAUSE");
  }

  async ask(name: string, ...parameters: (string | number)[]): Promise<unknown> {
    return this.#admin.call(name, ...parameters);
  }
}

/** The port it listens on. */
async function launch(server: RedisMemoryServer): Promise<number> {
  try {
    return await server.getPort();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EnvironmentError(`redis-server did not start: ${reason}`);
  }
}

function processOf(server: RedisMemoryServer): ChildProcess {
  const info = server.getInstanceInfo();
  if (info === false) throw new Error("redis-server is not running");
  return info.instance.childProcess!;
}

function connectAdmin(port: number): Redis {
  const admin = new Redis({
    host: HOST,
    port,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: null,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
  });
  // When Redis is killed, the call under way says so.
  admin.on("error", () => {});
  return admin;
}

function requireVersion(program: string): void {
  const { stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  const major = Number(/v=(\d+)\./.exec(stdout)?.[1]);
  if (!(major >= REDIS_MAJOR_MIN)) {
    throw new EnvironmentError(
      `redis-server ${REDIS_MAJOR_MIN} or newer is needed; ${program} is ${stdout.trim()}`,
    );
  }
}
