/** A redis-server of the harness: one process, its data in a directory of the caller's. */
import { spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Redis } from "ioredis";
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import { anyFreePort, isFree } from "../provision/ports.ts";
import { requireProgram } from "../provision/system-package.ts";
import type { RedisAddress } from "./address.ts";
import { DISCONNECT_TIMEOUT_MS } from "./connection.ts";
import { GuardedRedis } from "./guarded-redis.ts";

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
  readonly #launch: () => Promise<GuardedRedis>;
  #server: GuardedRedis;
  /** Open from the start: a paused server would not greet a new connection. */
  #admin: Redis;

  private constructor(port: number, launch: () => Promise<GuardedRedis>, server: GuardedRedis) {
    this.port = port;
    this.#launch = launch;
    this.#server = server;
    this.#admin = connectAdmin(port);
  }

  static async start(
    { directory, port: wanted, persistence }: RedisOptions,
    extraArguments: readonly string[],
  ): Promise<RedisProcess> {
    const program = requireProgram("redis-server", "redis-server");
    requireVersion(program);
    const isWantedFree = wanted !== undefined && (await isFree(wanted));
    const port = isWantedFree ? wanted : await anyFreePort();
    const args = [
      "--dir",
      directory,
      "--maxmemory-policy",
      "noeviction",
      ...(persistence === "none" ? [] : ["--appendonly", "yes", "--appendfsync", persistence]),
      ...extraArguments,
    ];
    const launch = (): Promise<GuardedRedis> =>
      GuardedRedis.launch({ program, host: HOST, port, args });
    return new RedisProcess(port, launch, await launch());
  }

  get pid(): number {
    return this.#process.pid!;
  }

  get #process(): ChildProcess {
    return this.#server.childProcess!;
  }

  async kill(): Promise<void> {
    if (this.#admin.status !== "end") this.#admin.disconnect();
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const exited = once(this.#process, "exit");
      this.#process.kill("SIGKILL");
      await exited;
    }
    // Ends the library's watchdog too.
    await this.#server.kill();
  }

  async restart(): Promise<void> {
    await this.kill();
    this.#server = await this.#launch();
    this.#admin = connectAdmin(this.port);
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
