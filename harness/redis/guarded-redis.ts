/** A redis-server that is guarded from its first moment. */
import type { ChildProcess } from "node:child_process";
import { RedisInstance } from "redis-memory-server";
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import { guardGroup, readyGuard, releaseGroup } from "../processes/guard.ts";

export interface LaunchOptions {
  readonly program: string;
  readonly host: string;
  readonly port: number;
  /** More arguments of its command line. */
  readonly args: readonly string[];
}

/**
 * The library's own watchdog is in the terminal's process group and dies with it, while Redis has
 * a group of its own. So Redis must not live unguarded, not even until it is ready.
 */
export class GuardedRedis extends RedisInstance {
  /** Resolves when it is ready. @throws EnvironmentError if it does not start */
  static async launch({ program, host, port, args }: LaunchOptions): Promise<GuardedRedis> {
    const redis = new GuardedRedis({
      instance: { ip: host, port, args: [...args] },
      // Named outright, or the library would download and compile one.
      binary: { systemBinary: program },
      // A process group of its own: Ctrl-C is for the harness, which then ends Redis in order.
      spawn: { detached: true },
    });
    try {
      return await redis.run();
    } catch (error) {
      redis.childProcess?.kill("SIGKILL");
      const reason = error instanceof Error ? error.message : String(error);
      throw new EnvironmentError(`redis-server did not start: ${reason}`);
    }
  }

  override _launchRedisServer(program: string): ChildProcess {
    readyGuard();
    // oxlint-disable-next-line no-underscore-dangle -- the library's name for the moment it spawns
    const child = super._launchRedisServer(program);
    const pid = child.pid!;
    guardGroup(pid);
    child.once("exit", () => releaseGroup(pid));
    return child;
  }
}
