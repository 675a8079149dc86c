/** The worker processes of one nginx, each with its own idea of an upstream unless it has a zone. */
import { ConfigError, type UpstreamConfig } from "./config.ts";
import { Upstream } from "./upstream.ts";

export interface WorkersConfig {
  worker_processes: number;
  /** The upstream has a `zone`: one state in shared memory instead of one per worker. */
  zone: boolean;
}

/** A worker process, as the requests that it has taken see it. */
export interface WorkerProcess {
  readonly upstream: Upstream;
  /** False once it is killed: then its requests are lost. */
  isAlive: boolean;
}

/**
 * N workers without a zone are N independent round robins: they start in step, so a burst spread
 * over all of them hits the same server N times, and each must find out by itself that a server is
 * dead, at the price of its own `max_fails` failures.
 */
export class UpstreamWorkers {
  readonly #processes: WorkerProcess[];
  readonly #start: (worker: number) => WorkerProcess;
  #kills = 0;

  /**
   * @param drawsOf the `random()` stream of a worker; with a zone only worker 0's is used
   * @throws ConfigError, naming the field
   */
  constructor(
    upstream: UpstreamConfig,
    workers: WorkersConfig,
    drawsOf: (worker: number) => () => number,
    makeUpstream = (config: UpstreamConfig, draw31: () => number) => new Upstream(config, draw31),
  ) {
    const count = workers.worker_processes;
    if (!Number.isInteger(count) || count < 1) {
      throw new ConfigError(`worker_processes: must be a whole number from 1, got ${count}`);
    }
    const shared = workers.zone ? makeUpstream(upstream, drawsOf(0)) : undefined;
    this.#start = (worker) => ({
      upstream: shared ?? makeUpstream(upstream, drawsOf(worker)),
      isAlive: true,
    });
    this.#processes = Array.from({ length: count }, (_, worker) => this.#start(worker));
  }

  /** The upstream as that worker sees it. Requests must be released where they were picked. */
  of(worker: number): Upstream {
    return this.process(worker).upstream;
  }

  /** The process that takes that worker's requests now. */
  process(worker: number): WorkerProcess {
    const process = this.#processes[worker];
    if (process === undefined) throw new RangeError(`no worker ${worker}`);
    return process;
  }

  /**
   * The process that has run longest dies, and the master starts another in its place. What a zone
   * keeps outlives it: connections that the dead one had open stay counted there, as in nginx.
   */
  killOldest(): void {
    const worker = this.#kills % this.#processes.length;
    this.#kills += 1;
    this.#processes[worker].isAlive = false;
    this.#processes[worker] = this.#start(worker);
  }
}
